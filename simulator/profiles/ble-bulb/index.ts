/**
 * A Bluetooth bulb with the services of document 003's example and a small console on its serial line. Its name contains
 * `Bulb`, because the page of document 003 lists only names with `Light` or `Bulb`. The form with the MAC is that of
 * document 000.
 */
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
      name: `Bulb_${context.mac}`,
      bulb,
    });
  },
};
