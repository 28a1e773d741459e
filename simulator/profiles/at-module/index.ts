/** The Tencent AT Wi-Fi module (ESP8266): burned over serial, proven by a real login to an MQTT broker. */
import { withBluetooth } from '../bluetooth/index.ts';
import type { DeviceProfile } from '../profile.ts';
import { AtDevice } from './at-device.ts';
import { FIRMWARE } from './firmware.ts';

export const atModule: DeviceProfile = {
  name: 'at-module',
  factoryFirmware: FIRMWARE.version,
  create: (context) =>
    withBluetooth(new AtDevice(context), context, { model: FIRMWARE.hardware, firmware: FIRMWARE.version }),
};
