/** The Bluetooth bulb of document 003: all of it is in the air; on its serial line there is only a tiny console. */
import { Bulb, withBluetooth } from '../../parts/bluetooth/index.ts';
import type { DeviceProfile } from '../profile.ts';
import { BulbConsole, FIRMWARE } from './bulb-console.ts';

export const bleBulb: DeviceProfile = {
  name: 'ble-bulb',
  factoryFirmware: FIRMWARE.version,
  values: ['vcc'],
  create(context) {
    const bulb = new Bulb();
    return withBluetooth(new BulbConsole(context, bulb), context, {
      model: FIRMWARE.model,
      firmware: FIRMWARE.version,
      bulb,
    });
  },
};
