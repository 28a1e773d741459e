/**
 * Units with LLSync over Bluetooth LE and a console for the identity (docs/devices/llsync.md): `llsync` with Wi-Fi, whose one
 * service (FFE8) provisions and binds; `llsync-wifi`, which is provisioned only (FFF0); `llsync-ble` without Wi-Fi (FFE0);
 * `llsync-secure`, which binds after a press of its button.
 */
import { withBluetooth } from '../../parts/bluetooth/index.ts';
import { DescribedDevice } from '../../parts/described/index.ts';
import { type LlsyncKind, LlsyncUnit } from '../../parts/llsync/index.ts';
import { WifiUnit } from '../../parts/provisioning/index.ts';
import { createRandom } from '../../platform/index.ts';
import { IdentityConsole } from '../described-console/console.ts';
import { consoleDialect } from '../described-console/dialect.ts';
import type { Device, DeviceContext, DeviceProfile } from '../profile.ts';

const LIMITS = { productId: 16, deviceName: 48, deviceSecret: 44 } as const;
const FIRMWARE = { model: 'GW-LLSYNC-1', version: '1.0.0' } as const;
const BUTTON_S = 60;
/** The SDK's sample name of a device. */
const NAME = 'LLSYNC';

interface Variant {
  readonly name: string;
  readonly kind: LlsyncKind;
  readonly secureBindS?: number;
}

const VARIANTS: readonly Variant[] = [
  { name: 'llsync', kind: 'FFE8' },
  { name: 'llsync-wifi', kind: 'FFF0' },
  { name: 'llsync-ble', kind: 'FFE0' },
  { name: 'llsync-secure', kind: 'FFE0', secureBindS: BUTTON_S },
];

export const llsyncUnits: readonly DeviceProfile[] = VARIANTS.map(({ name, kind, secureBindS = null }) => ({
  name,
  factoryFirmware: `${FIRMWARE.model} ${FIRMWARE.version}`,
  values: ['vcc'],
  create: (context: DeviceContext) => create(context, kind, secureBindS),
}));

function create(context: DeviceContext, kind: LlsyncKind, secureBindS: number | null): Device {
  const dialect = consoleDialect(context.dialect, context.unit, createRandom(context.mac, 'dialect'));
  const requests = new IdentityConsole('sha256', dialect);
  const described = new DescribedDevice(context, {
    firmwareVersion: FIRMWARE.version,
    limits: LIMITS,
    banner: requests.line('READY'),
    requests,
  });
  const network = kind === 'FFE0' ? null : new WifiUnit(context, FIRMWARE.version);
  const unit = new LlsyncUnit(context, { kind, firmware: FIRMWARE.version, network, secureBindS });
  const device: Device = {
    powerOn() {
      described.powerOn();
      unit.powerOn();
    },
    async powerOff() {
      await Promise.all([described.powerOff(), unit.powerOff()]);
    },
    receive: (bytes) => described.receive(bytes),
    stimulate: (stimulus) => stimulus.kind === 'press' && unit.press(stimulus.declines),
  };
  return withBluetooth(device, context, {
    model: FIRMWARE.model,
    firmware: FIRMWARE.version,
    name: NAME,
    light: false,
    advertised: () => unit.advertised(),
    onDisconnect: () => unit.disconnected(),
    service: (link) => unit.gatt(link),
  });
}
