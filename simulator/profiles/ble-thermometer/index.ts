/**
 * A thermometer with Bluetooth only: it has no port, advertises its MAC, its serial number and its product, and measures in the
 * formats of the Bluetooth SIG (docs/devices/ble-thermometer.md). Without Bluetooth (`--ble`) it does nothing.
 */
import { withBluetooth } from '../../parts/bluetooth/index.ts';
import type { DeviceProfile } from '../profile.ts';
import { FIRMWARE, Thermometer } from './thermometer.ts';

const PRODUCT = 'GWTEMP0001';

export const bleThermometer: DeviceProfile = {
  name: 'ble-thermometer',
  factoryFirmware: `${FIRMWARE.model} ${FIRMWARE.version}`,
  values: ['celsius', 'humidity', 'pressure'],
  create(context) {
    const thermometer = new Thermometer(context);
    const { mac, serialNumber } = context;
    return withBluetooth(thermometer, context, {
      model: FIRMWARE.model,
      firmware: FIRMWARE.version,
      name: `TEMP_${PRODUCT}`,
      light: false,
      manufacturerData: Buffer.concat([
        Buffer.from(mac.replaceAll(':', ''), 'hex'),
        Buffer.from(serialNumber),
      ]),
      services: (link) => thermometer.services(link),
    });
  },
};
