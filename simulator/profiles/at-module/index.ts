/** The Tencent AT Wi-Fi module (ESP8266): burned over serial, verified by a real login to an MQTT broker. */
import { AtDevice, ESP8266_FIRMWARE } from '../../parts/at/index.ts';
import { withBluetooth } from '../../parts/bluetooth/index.ts';
import type { DeviceProfile } from '../profile.ts';
import { lamp } from './lamp.ts';

export const atModule: DeviceProfile = {
  name: 'at-module',
  factoryFirmware: ESP8266_FIRMWARE.version,
  values: ['adc'],
  ownEcho: true,
  create: (context) =>
    withBluetooth(new AtDevice(context, lamp), context, {
      model: ESP8266_FIRMWARE.hardware,
      firmware: ESP8266_FIRMWARE.version,
    }),
};
