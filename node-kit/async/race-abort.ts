import { abortFault } from '#shared/domain/fault.ts';

/**
 * Waits for the result of `work` until `signal` fires: this caller then stops waiting, and the work continues. A later
 * rejection of the work is handled. Without a signal, returns `work`.
 *
 * ```ts
 * await raceAbort(drainForAll(), signal); // the caller stops waiting, the drain continues
 * await raceAbort(written, signal, () => discardOutput(port)); // output is discarded before the caller continues
 * ```
 *
 * Faults: those of the work; the signal's reason, or `cancelled`.
 *
 * @param undo is awaited between the signal and the rejection; a result of the work that comes meanwhile is returned
 */
export function raceAbort<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  undo?: () => Promise<void>,
): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => {
      const abort = (): void => reject(abortFault(signal));
      if (undo === undefined) abort();
      else undo().then(abort, abort);
    };
    const settle =
      <Result>(how: (result: Result) => void) =>
      (result: Result): void => {
        signal.removeEventListener('abort', stop);
        how(result);
      };
    work.then(settle(resolve), settle(reject));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
