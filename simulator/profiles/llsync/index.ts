/**
 * Units with LLSync over Bluetooth LE and a console for the identity (docs/devices/llsync.md): `llsync` with Wi-Fi, whose one
 * service (FFE8) provisions and binds; `llsync-wifi`, which is provisioned only (FFF0); `llsync-ble` without Wi-Fi (FFE0);
 * `llsync-secure`, which binds after a press of its button.
 */
import { withBluetooth } from '../../parts/bluetooth/index.ts';
import { DescribedDevice } from '../../parts/described/index.ts';
import { type LlsyncKind, LlsyncUnit } from '../../parts/llsync/index.ts';
import { WifiUnit } from '../../parts/provisioning/index.ts';
import { IdentityConsole } from '../described-console/console.ts';
import type { DeviceContext, DeviceProfile } from '../profile.ts';

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

function create(context: DeviceContext, kind: LlsyncKind, secureBindS: number | null): ReturnType<DeviceProfile['create']> {
  const requests = new IdentityConsole('full', { answersOf: 'documented' } as never);
  const described = new DescribedDevice(context, { limits: LIMITS, banner: requests.line('READY'), requests });
  const network = kind === 'FFE0' ? null : new WifiUnit(context);
  const unit = new LlsyncUnit(context, { kind, firmware: FIRMWARE.version, network, secureBindS });
  return withBluetooth(described, context, {
    model: FIRMWARE.model,
    firmware: FIRMWARE.version,
    name: NAME,
    light: false,
    advertised: () => unit.advertised(),
    onDisconnect: () => unit.disconnected(),
    service: (link) => unit.gatt(link),
  });
}
