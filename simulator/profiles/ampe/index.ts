/** The AMPE terminal of document 004: QR and card readers, printer, buzzer and screen behind one JSON envelope. */
import type { DeviceProfile } from '../profile.ts';
import { AmpeDevice, APP_VERSION } from './ampe-device.ts';

export const ampe: DeviceProfile = {
  name: 'ampe',
  factoryFirmware: APP_VERSION,
  values: ['microphone', 'print-ms'],
  create: (context) => new AmpeDevice(context),
};
