/**
 * The Bluetooth voice module SU-63T (智能公元): words, an output pin and Bluetooth. It has no boot loader on its UART: the
 * vendor's product page names the chip US665, and its support pages say that only the vendor's USB burner writes the flash.
 * Other pages of the vendor name other chips.
 */
import { withBluetooth } from '../../parts/bluetooth/index.ts';
import { VoiceModule, type VoiceModuleKind } from '../../parts/voice/index.ts';
import type { DeviceProfile } from '../profile.ts';

const KIND: VoiceModuleKind = {
  hardware: 'SU-63T',
  firmware: 'jx_su_63t_release_v1.0.3',
  // The vendor's limit for the user UART of this module.
  longestFrameBytes: 16,
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
