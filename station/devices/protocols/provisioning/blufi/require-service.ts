import { Fault } from '#shared/domain/fault.ts';
import type { BleConnection } from '../../../../core/platform/index.ts';

/** Faults: `device-rejected` for a unit without the service; those of `BleConnection`. */
export async function requireService(
  connection: BleConnection,
  service: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const has = await connection.services({ timeoutMs, signal });
  if (has.includes(service)) return;
  const { address } = connection;
  throw new Fault('device-rejected', `${address} has no service ${service}, which BluFi needs`, {
    hint: `It has ${has.join(', ') || 'none'}: another method or another firmware.`,
    details: { address },
  });
}
