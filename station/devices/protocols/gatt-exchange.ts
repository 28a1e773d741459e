import { withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { BleConnection, Clock } from '../../core/platform/index.ts';

/** A characteristic to write, and the one that answers. */
export interface GattRequest {
  readonly service: string;
  readonly write: string;
  readonly notify: string;
  /** False: a write without response. */
  readonly confirm: boolean;
  readonly answerMs: number;
}

/**
 * Writes bytes to one characteristic and awaits a notification of another. Faults: `device-silent`, those of
 * `BleConnection`, the signal's reason.
 */
export async function gattRequest(
  request: GattRequest,
  connection: BleConnection,
  bytes: Uint8Array,
  clock: Clock,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { service, write, notify, confirm: response, answerMs: timeoutMs } = request;
  const limits = { timeoutMs, signal };
  const answer = Promise.withResolvers<Uint8Array>();
  answer.promise.catch(() => undefined);
  connection.onLost(answer.reject);
  using _subscription = await connection.subscribe(service, notify, answer.resolve, limits);
  await connection.write(service, write, bytes, { ...limits, response });
  return await withDeadline(answer.promise, {
    timeoutMs,
    signal,
    timer: clock,
    onTimeout: () => {
      throw unanswered(request, connection.address);
    },
  });
}

function unanswered({ write, notify, answerMs }: GattRequest, address: string): Fault {
  return new Fault(
    'device-silent',
    `${address} took the bytes for ${write} and notified nothing on ${notify} in ${answerMs} ms`,
    {
      hint: 'Test it again; when it stays silent, the unit is faulty.',
      details: { address, timeoutMs: answerMs },
    },
  );
}
