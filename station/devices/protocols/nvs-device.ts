import { device as deviceShape, type DeviceSettings, type NvsIdentity } from '#shared/recipe/index.ts';
import type { DevicePort } from '../../core/platform/index.ts';
import type { DeviceSession, SessionOptions } from './device-session.ts';
import { withEspFlash } from './esp/index.ts';
import { openNvs, openScan } from './nvs/index.ts';

type Options = Pick<SessionOptions, 'clock' | 'mask'>;

/** The session of a described device, whose identity is in the NVS of its flash if the recipe says so. */
export function withNvs(
  described: DeviceSession,
  port: DevicePort,
  { identity, identify, region, serial }: DeviceSettings,
  options: Options,
): DeviceSession {
  if (identity?.nvs === undefined) return described;
  const flash = openNvs(port, {
    ...options,
    nvs: identity.nvs,
    region: region ?? null,
    portBaudRate: serial.baudRate,
    visitFlash: withEspFlash,
  });
  return { ...described, ...flash, ...(identify === undefined ? {} : { identify: described.identify }) };
}

/** Settings of a unit whose recipe is not known, for `scanSession`. */
export const UNKNOWN_DEVICE: DeviceSettings = deviceShape.parse({
  profile: 'described',
  serial: { baudRate: 115_200 },
  identity: { nvs: { namespace: 'any', productId: 'p', deviceName: 'd', deviceSecret: 's' } },
});

/** The session of a unit whose recipe is not known, see `openScan`. */
export function withScan(
  described: DeviceSession,
  port: DevicePort,
  known: readonly NvsIdentity[],
  options: Options,
): DeviceSession {
  const visit = { chip: 'auto', baudRate: 460_800, portBaudRate: UNKNOWN_DEVICE.serial.baudRate } as const;
  const scan = { ...options, ...visit, tableOffset: 0x8000, visitFlash: withEspFlash, known };
  return { ...described, ...openScan(port, scan) };
}
