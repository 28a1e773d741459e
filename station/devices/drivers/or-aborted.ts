import { throwIfAborted } from '#shared/domain/fault.ts';

/**
 * What `work` does, unless the signal fires first: then its reason, after `undo`, and what becomes of the work is nobody's
 * concern. Faults: those of the work, the signal's reason.
 */
export async function orAborted(
  work: Promise<void>,
  signal: AbortSignal | undefined,
  undo: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  if (signal === undefined) return work;
  work.catch(() => undefined);
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => {
    const reject = (): void => {
      try {
        throwIfAborted(signal);
      } catch (reason) {
        aborted.reject(reason);
      }
    };
    undo().then(reject, reject);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
