import { abortFault } from '#shared/domain/fault.ts';

/** What a wait needs of a clock. A station's clock is one, and so is the virtual clock of a test. */
export interface Timer {
  /** Resolves after `ms` milliseconds. Faults: the signal's reason, or `cancelled`. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The timer of this process. */
export const SYSTEM_TIMER: Timer = { sleep: delay };

/**
 * Waits for `ms` milliseconds; at least for one turn of the event loop.
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
    const stop = (): void => {
      clearTimeout(timer);
      reject(abortFault(signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
