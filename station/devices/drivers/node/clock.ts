import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../../../core/platform/index.ts';

/** The longest time that a timer of Node takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function createNodeClock(): Clock {
  return { nowMs: () => Date.now(), monotonicMs: () => performance.now(), sleep };
}

/** Lasts at least `ms` by the monotonic clock: a timer of Node may end a fraction of a millisecond early. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const endsAtMs = performance.now() + ms;
    const reason = (): unknown =>
      signal.reason instanceof Fault ? signal.reason : new Fault('cancelled', 'stopped while waiting');
    if (signal.aborted) {
      reject(reason());
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(reason());
    };
    const startTimer = (leftMs: number): NodeJS.Timeout =>
      setTimeout(wake, Math.min(Math.ceil(leftMs), LONGEST_TIMER_MS));
    const wake = (): void => {
      const leftMs = endsAtMs - performance.now();
      if (leftMs > 0) {
        timer = startTimer(leftMs);
        return;
      }
      signal.removeEventListener('abort', stop);
      resolve();
    };
    let timer = startTimer(ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
