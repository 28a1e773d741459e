/** The Bluetooth voice module SU-63T (智能公元): a CI130x chip with words of its own, a pin, and a Bluetooth side. */
import { withBluetooth } from '../../parts/bluetooth/index.ts';
import type { DeviceProfile } from '../profile.ts';
import { MODEL, VoiceModule } from './voice-module.ts';

export const voiceSu63t: DeviceProfile = {
  name: 'voice-su63t',
  factoryFirmware: MODEL.firmware,
  values: ['microphone', 'recognition-ms'],
  create: (context) =>
    withBluetooth(new VoiceModule(context), context, {
      model: MODEL.hardware,
      firmware: MODEL.firmware,
      name: `${MODEL.hardware}_${context.mac.slice(-8).replaceAll(':', '')}`,
      light: false,
    }),
};
