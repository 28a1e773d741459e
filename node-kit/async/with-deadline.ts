import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { SYSTEM_TIMER, type Timer } from './delay.ts';

/** Abort reason of the sleep behind a wait that is over; one for all, because creating an error is expensive. */
const ENDED = new Fault('cancelled', 'the wait is over');

export interface DeadlineOptions<T> {
  /** Longest wait in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the wait before its limit. */
  readonly signal?: AbortSignal | undefined;
  /** Gives the result in place of one that did not come, or throws the fault that says so. */
  readonly onTimeout: () => T | Promise<T>;
  /** Added to the limit for a result that came in time to a process too busy to look at it, milliseconds. */
  readonly graceMs?: number;
  /** Whose milliseconds count; those of this process when left out. */
  readonly timer?: Timer;
}

/**
 * Waits for `work` until it ends, its limit is over or the signal fires, whichever is first. The work itself goes on: end
 * it in `onTimeout` where it holds something. Its later result is dropped, and a later rejection is handled.
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
