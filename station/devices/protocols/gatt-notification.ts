import { withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { BleConnection, Clock } from '../../core/platform/index.ts';

/** A notification to await. */
export interface AwaitedNotification {
  readonly service: string;
  readonly notify: string;
  readonly timeoutMs: number;
  /** Others are passed over. */
  isWanted(value: Uint8Array): boolean;
}

/**
 * Subscribes and awaits the first notification that is wanted; `null` when others came and it did not. Faults:
 * `device-silent` when none came, those of `BleConnection`, the signal's reason.
 */
export async function gattNotification(
  { service, notify, timeoutMs, isWanted }: AwaitedNotification,
  connection: BleConnection,
  clock: Clock,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const wanted = Promise.withResolvers<Uint8Array>();
  wanted.promise.catch(() => undefined);
  connection.onLost(wanted.reject);
  let isSilent = true;
  const hear = (value: Uint8Array): void => {
    isSilent = false;
    if (isWanted(value)) wanted.resolve(value);
  };
  using _subscription = await connection.subscribe(service, notify, hear, { timeoutMs, signal });
  // Awaited, so that the subscription lasts until then.
  return await withDeadline<Uint8Array | null>(wanted.promise, {
    timeoutMs,
    signal,
    timer: clock,
    onTimeout: () => {
      if (isSilent) throw silent(connection.address, notify, timeoutMs);
      return null;
    },
  });
}

function silent(address: string, notify: string, timeoutMs: number): Fault {
  return new Fault('device-silent', `${address} notified nothing on ${notify} in ${timeoutMs} ms`, {
    hint: 'Test it again; when it stays silent, the unit is faulty.',
    details: { address, timeoutMs },
  });
}
