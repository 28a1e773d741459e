/**
 * A unit that takes an identity over Bluetooth characteristics and shows only its name (docs/devices/described-units.md). Its
 * test pads have a small console. Without Bluetooth (`--ble`) it takes no identity.
 */
import { withBluetooth } from '../../parts/bluetooth/index.ts';
import { DescribedDevice } from '../../parts/described/index.ts';
import type { DeviceProfile } from '../profile.ts';
import { IdentityService } from './identity-service.ts';
import { FIRMWARE, Pads } from './pads.ts';

const LIMITS = { productId: 16, deviceName: 48, deviceSecret: 44 } as const;

export const describedGatt: DeviceProfile = {
  name: 'described-gatt',
  factoryFirmware: `${FIRMWARE.model} ${FIRMWARE.version}`,
  values: ['vcc'],
  create(context) {
    const device = new DescribedDevice(context, {
      firmwareVersion: FIRMWARE.version,
      limits: LIMITS,
      banner: Buffer.from('READY\r\n'),
      requests: new Pads(),
    });
    return withBluetooth(device, context, {
      model: FIRMWARE.model,
      firmware: FIRMWARE.version,
      name: `Unit_${context.mac.replaceAll(':', '')}`,
      light: false,
      service: (link) => new IdentityService(device, link).gatt(),
    });
  },
};
