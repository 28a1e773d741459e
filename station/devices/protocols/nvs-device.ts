import { PARTITION_TABLE_OFFSET } from '#shared/codec/nvs/index.ts';
import { device as deviceShape, type DeviceSettings, type NvsIdentity } from '#shared/recipe/index.ts';
import type { DevicePort } from '../../core/platform/index.ts';
import type { DeviceSession, SessionOptions } from './device-session.ts';
import { withEspFlash } from './esp/index.ts';
import { openNvs, openScan } from './nvs/index.ts';

export interface NvsDeviceOptions extends Pick<SessionOptions, 'clock' | 'mask'> {
  /** See `VisitOptions`. */
  readonly onChip?: ((chipId: string) => Promise<void>) | undefined;
  /** For a unit whose recipe is not known: where recipes of this station have an identity. */
  readonly scan?: readonly NvsIdentity[] | undefined;
}

/** The session of a described device, whose identity is in the NVS of its flash if the recipe says so. */
export function withNvs(
  described: DeviceSession,
  port: DevicePort,
  { identity, identify, region, serial }: DeviceSettings,
  { scan, ...options }: NvsDeviceOptions,
): DeviceSession {
  if (identity?.nvs === undefined) return described;
  const abilities = { ...described.abilities, erase: true };
  if (scan !== undefined)
    return {
      ...described,
      ...openScan(port, { ...options, ...UNKNOWN_VISIT, portBaudRate: serial.baudRate, known: scan }),
    };
  const flash = openNvs(port, {
    ...options,
    nvs: identity.nvs,
    region: region ?? null,
    portBaudRate: serial.baudRate,
    visitFlash: withEspFlash,
  });
  return {
    ...described,
    ...flash,
    abilities,
    ...(identify === undefined ? {} : { identify: described.identify }),
  };
}

/** Settings of a unit whose recipe is not known, for `NvsDeviceOptions.scan`. */
export const UNKNOWN_DEVICE: DeviceSettings = deviceShape.parse({
  profile: 'described',
  serial: { baudRate: 115_200 },
  identity: { nvs: { namespace: 'any', productId: 'p', deviceName: 'd', deviceSecret: 's' } },
});

const UNKNOWN_VISIT = {
  chip: 'auto',
  baudRate: 460_800,
  tableOffset: PARTITION_TABLE_OFFSET,
  visitFlash: withEspFlash,
} as const;
