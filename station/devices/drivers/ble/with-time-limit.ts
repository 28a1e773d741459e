import { throwIfAborted } from '#shared/domain/fault.ts';

/** An answer that was there in time, and that a busy process has not looked at yet, still counts. */
const GRACE_MS = 30;

/**
 * Waits for `work` no longer than `timeoutMs`, and no longer than the signals allow. Whichever ends the wait, a later
 * rejection of `work` harms nobody. Faults: what `tooLate` makes, the first signal's reason, or what `work` rejects with.
 */
export async function within<T>(
  work: Promise<T>,
  timeoutMs: number,
  signals: readonly AbortSignal[],
  tooLate: () => Error,
): Promise<T> {
  work.catch(() => undefined);
  const ends: (() => void)[] = [];
  try {
    return await new Promise<T>((resolve, reject) => {
      for (const signal of signals) {
        const stop = (): void => {
          try {
            throwIfAborted(signal);
          } catch (reason) {
            reject(reason as Error);
          }
        };
        if (signal.aborted) return stop();
        signal.addEventListener('abort', stop, { once: true });
        ends.push(() => signal.removeEventListener('abort', stop));
      }
      let timer = setTimeout(
        () => (timer = setTimeout(() => reject(tooLate()), GRACE_MS)),
        Math.max(0, timeoutMs),
      );
      ends.push(() => clearTimeout(timer));
      work.then(resolve, reject);
    });
  } finally {
    for (const end of ends) end();
  }
}
