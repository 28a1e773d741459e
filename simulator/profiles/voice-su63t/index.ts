/**
 * The Bluetooth voice module SU-63T (智能公元): words, an output pin and Bluetooth. The vendor's product page names the chip
 * US665, which only a USB burner programs; other pages of the vendor disagree. Therefore no bootloader is simulated.
 */
import { withBluetooth } from '../../parts/bluetooth/index.ts';
import { VoiceModule, type VoiceModuleKind } from '../../parts/voice/index.ts';
import type { DeviceProfile } from '../profile.ts';

const KIND: VoiceModuleKind = {
  hardware: 'SU-63T',
  firmware: 'jx_su_63t_release_v1.0.3',
  version: [1, 0, 3],
  // The vendor's limit for the user UART of this module.
  longestFrameBytes: 16,
  hasBootloader: false,
};
/**
 * Document 000: a prefix of the manufacturer, `_`, and the MAC with colons. The prefix is the default of the vendor's
 * support pages.
 */
const NAME_PREFIX = 'JX_SU_63t_';

export const voiceSu63t: DeviceProfile = {
  name: 'voice-su63t',
  factoryFirmware: KIND.firmware,
  values: ['microphone', 'recognition-ms'],
  create: (context) =>
    withBluetooth(new VoiceModule(context, KIND), context, {
      model: KIND.hardware,
      firmware: KIND.firmware,
      name: NAME_PREFIX + context.mac,
      light: false,
    }),
};
