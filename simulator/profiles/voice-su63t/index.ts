/**
 * The Bluetooth voice module SU-63T (智能公元): words of its own, a pin, and a Bluetooth side. The vendor's product page has
 * it on a chip US665, burned by a USB burner only; other pages of the vendor disagree, so that no bootloader is simulated.
 */
import { withBluetooth } from '../../parts/bluetooth/index.ts';
import { VoiceModule, type VoiceModuleKind } from '../../parts/voice/index.ts';
import type { DeviceProfile } from '../profile.ts';

const KIND: VoiceModuleKind = {
  hardware: 'SU-63T',
  firmware: 'jx_su_63t_release_v1.0.3',
  version: [1, 0, 3],
  // What the vendor allows on the user UART of this module.
  longestFrameBytes: 16,
  hasBootloader: false,
};
/**
 * Document 000: a prefix that the maker chooses, `_`, and the whole MAC with colons, which the system adds. The prefix is the
 * default of the vendor's support pages.
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
