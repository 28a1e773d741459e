import { abortFault } from '#shared/domain/fault.ts';

/**
 * The result of `work`, unless `signal` fires first: then this caller stops waiting and the work goes on. A later
 * rejection of the work is handled. Without a signal it is the work itself.
 *
 * ```ts
 * await raceAbort(drainForAll(), signal); // the caller leaves, the drain goes on
 * await raceAbort(written, signal, () => discardOutput(port)); // what was begun is undone before the caller goes on
 * ```
 *
 * Faults: those of the work; the signal's reason, or `cancelled`.
 *
 * @param undo is awaited between the signal and the rejection; the work still counts when it ends meanwhile
 */
export function raceAbort<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  undo?: () => Promise<void>,
): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => {
      const leave = (): void => reject(abortFault(signal));
      if (undo === undefined) leave();
      else undo().then(leave, leave);
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
