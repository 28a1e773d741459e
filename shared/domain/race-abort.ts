import { throwIfAborted } from './fault.ts';

/**
 * The result of work that others wait for too: when `signal` fires, this caller stops waiting and the work goes on.
 * Faults: those of the work; the signal's reason, or `cancelled`.
 */
export function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const leave = (): void => {
      try {
        throwIfAborted(signal);
      } catch (error) {
        reject(error as Error);
      }
    };
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    signal.addEventListener('abort', leave, { once: true });
    leave();
  });
}
