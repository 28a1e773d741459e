import { abortFault } from '#shared/domain/fault.ts';

/** The part of a clock that a wait uses; a station's clock and the virtual clock of tests implement it. */
export interface Timer {
  /** Resolves after `ms` milliseconds. Faults: the signal's reason, or `cancelled`. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The timer of this process. */
export const SYSTEM_TIMER: Timer = { sleep: delay };

/** The longest delay of a timer of Node. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A timer that is later than this shows that the process was busy, or got no processor. */
const BUSY_MS = 50;
const LONGEST_CATCH_UP_MS = 1000;

/**
 * Waits for `ms` milliseconds by the monotonic clock, never less: a timer of Node may end a fraction of a millisecond
 * early. Waits at least for one turn of the event loop. When this process was busy and the timer is late, waits as long again
 * as it was late, once and at most 1 s: Node runs timers before it reads, so a limit would otherwise be over before bytes
 * are read that came in time.
 *
 * ```ts
 * await delay(250, signal);
 * ```
 *
 * Faults: the signal's reason when it fires first, or `cancelled` when that is no fault.
 */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortFault(signal));
    const endsAtMs = performance.now() + ms;
    let hasCaughtUp = false;
    const stop = (): void => {
      clearTimeout(timer);
      reject(abortFault(signal));
    };
    const startTimer = (leftMs: number): NodeJS.Timeout =>
      setTimeout(
        () => {
          const stillLeftMs = endsAtMs - performance.now();
          if (stillLeftMs > 0) {
            timer = startTimer(stillLeftMs);
            return;
          }
          if (stillLeftMs < -BUSY_MS && !hasCaughtUp) {
            hasCaughtUp = true;
            timer = startTimer(Math.min(-stillLeftMs, LONGEST_CATCH_UP_MS));
            return;
          }
          signal.removeEventListener('abort', stop);
          resolve();
        },
        Math.min(Math.ceil(leftMs), LONGEST_TIMER_MS),
      );
    let timer = startTimer(ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
