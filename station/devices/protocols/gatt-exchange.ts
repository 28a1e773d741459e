import { withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { BleConnection, Clock } from '../../core/platform/index.ts';

/** More notifications in answer to one request are not looked at. */
const MAX_VALUES = 64;

/** A characteristic to write, and the one that answers. */
export interface GattRequest {
  readonly service: string;
  readonly write: string;
  readonly notify: string;
  /** False: a write without response. */
  readonly confirm: boolean;
  readonly answerMs: number;
  /** Further notifications are awaited for this time. Default 0: none are. */
  readonly moreMs?: number;
}

/**
 * Writes bytes to one characteristic and awaits notifications of another, at least one. Faults: `device-silent`, those of
 * `BleConnection`, the signal's reason.
 */
export async function gattRequest(
  request: GattRequest,
  connection: BleConnection,
  bytes: Uint8Array,
  clock: Clock,
  signal: AbortSignal,
): Promise<[Uint8Array, ...Uint8Array[]]> {
  const { service, write, notify, confirm: response, answerMs: timeoutMs, moreMs = 0 } = request;
  const limits = { timeoutMs, signal };
  const answer = Promise.withResolvers<Uint8Array>();
  answer.promise.catch(() => undefined);
  connection.onLost(answer.reject);
  const values: Uint8Array[] = [];
  const add = (value: Uint8Array): void => {
    if (values.length < MAX_VALUES) values.push(value);
    answer.resolve(value);
  };
  using _subscription = await connection.subscribe(service, notify, add, limits);
  await connection.write(service, write, bytes, { ...limits, response });
  const first = await withDeadline(answer.promise, {
    timeoutMs,
    signal,
    timer: clock,
    onTimeout: () => {
      throw unanswered(request, connection.address);
    },
  });
  if (moreMs > 0) await clock.sleep(moreMs, signal);
  return [first, ...values.slice(1)];
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
