/**
 * Units with Wi-Fi that are provisioned over Bluetooth by BluFi (`blufi`, `blufi-v2`) or by Tencent's older dialects of it
 * (`tencent-combo`, `tencent-llsync7`), and have a console for the identity.
 */
import { type BlufiKind, BlufiUnit } from '../../parts/blufi/index.ts';
import { withBluetooth } from '../../parts/bluetooth/index.ts';
import { DescribedDevice } from '../../parts/described/index.ts';
import { WifiUnit } from '../../parts/provisioning/index.ts';
import { createRandom } from '../../platform/index.ts';
import { IdentityConsole } from '../described-console/console.ts';
import { consoleDialect } from '../described-console/dialect.ts';
import type { Device, DeviceContext, DeviceProfile } from '../profile.ts';

const LIMITS = { productId: 16, deviceName: 48, deviceSecret: 44 } as const;
const FIRMWARE = { model: 'GW-BLUFI-1', version: '1.0.0' } as const;
/** Espressif's apps list the names that begin so. */
const NAME = 'BLUFI_DEVICE';
const COMPANY = 0x02e5;
const KINDS: readonly BlufiKind[] = ['blufi', 'blufi-v2', 'tencent-combo', 'tencent-llsync7'];

export const blufiUnits: readonly DeviceProfile[] = KINDS.map((kind) => ({
  name: kind,
  factoryFirmware: `${FIRMWARE.model} ${FIRMWARE.version}`,
  values: ['vcc'],
  create: (context: DeviceContext) => create(context, kind),
}));

function create(context: DeviceContext, kind: BlufiKind): Device {
  const dialect = consoleDialect(context.dialect, context.unit, createRandom(context.mac, 'dialect'));
  const requests = new IdentityConsole('sha256', dialect);
  const described = new DescribedDevice(context, {
    firmwareVersion: FIRMWARE.version,
    limits: LIMITS,
    banner: requests.line('READY'),
    requests,
  });
  const unit = new BlufiUnit(context, kind, new WifiUnit(context, FIRMWARE.version));
  const device: Device = {
    powerOn() {
      described.powerOn();
      unit.powerOn();
    },
    async powerOff() {
      await Promise.all([described.powerOff(), unit.powerOff()]);
    },
    receive: (bytes) => described.receive(bytes),
  };
  const data = Buffer.from(context.mac.replaceAll(':', ''), 'hex');
  return withBluetooth(device, context, {
    model: FIRMWARE.model,
    firmware: FIRMWARE.version,
    name: NAME,
    light: false,
    advertised: () => ({ services: ['FFFF'], manufacturer: { company: COMPANY, data } }),
    onDisconnect: () => unit.disconnected(),
    service: (link) => unit.gatt(link),
  });
}
