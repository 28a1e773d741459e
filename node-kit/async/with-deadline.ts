import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { SYSTEM_TIMER, type Timer } from './delay.ts';

/** Abort reason of the timer of an ended wait; shared, because creating an Error is expensive. */
const ENDED = new Fault('cancelled', 'the wait is over');

export interface DeadlineOptions<T> {
  /** Longest wait in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the wait before its limit. */
  readonly signal?: AbortSignal | undefined;
  /** Called when the limit is over: returns a result or throws a fault. */
  readonly onTimeout: () => T | Promise<T>;
  /** Added to the limit, milliseconds, for a result that came in time while this process was busy. */
  readonly graceMs?: number;
  /** The timer of the limit; default: that of the process. */
  readonly timer?: Timer;
}

/**
 * Waits for `work` until it ends, its limit is over or the signal fires, whichever is first. The work itself continues:
 * `onTimeout` ends it where it holds a resource. A later result is ignored, and a later rejection is handled.
 *
 * ```ts
 * const reply = await withDeadline(answered, {
 *   timeoutMs: 3000,
 *   signal,
 *   onTimeout: () => {
 *     throw new Fault('device-silent', 'the unit did not answer in 3000 ms');
 *   },
 * });
 * ```
 *
 * Faults: those of the work and of `onTimeout`; the signal's reason, or `cancelled`.
 *
 * @param work a function is called when its limit has begun, before this returns
 */
export async function withDeadline<T>(
  work: Promise<T> | (() => Promise<T>),
  { timeoutMs, signal, onTimeout, graceMs = 0, timer = SYSTEM_TIMER }: DeadlineOptions<T>,
): Promise<T> {
  if (typeof work !== 'function') work.catch(() => undefined);
  if (signal !== undefined) throwIfAborted(signal);
  const ended = new AbortController();
  const until = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
  const sleep = async (): Promise<void> => {
    await timer.sleep(Math.max(0, timeoutMs), until);
    if (graceMs > 0) await timer.sleep(graceMs, until);
  };
  const timedOut = sleep().then(onTimeout);
  timedOut.catch(() => undefined);
  try {
    const result = typeof work === 'function' ? work() : work;
    result.catch(() => undefined);
    return await Promise.race([result, timedOut]);
  } finally {
    ended.abort(ENDED);
  }
}
