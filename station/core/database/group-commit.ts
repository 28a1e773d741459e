interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes of several slots that come in one turn of the event loop, as one transaction: one wait for the disk instead of
 * one for each of them. The longer the disk takes, the more come together meanwhile; one that comes alone waits for
 * nobody. Whoever awaits a write hears of it when it is as durable as `record` makes it, not before.
 *
 * A write that throws must not take the others along: the transaction is undone, and each is written by itself.
 *
 * @param record a durable transaction, all or nothing.
 */
export function createTogether(record: (work: () => unknown) => unknown): <T>(work: () => T) => Promise<T> {
  let waiting: Waiting[] = [];

  function write(): void {
    const group = waiting;
    waiting = [];
    const results: unknown[] = [];
    try {
      record(() => {
        // It may be called twice, its first attempt undone.
        results.length = 0;
        for (const { work } of group) results.push(work());
      });
    } catch (error) {
      const [only] = group;
      if (group.length > 1) for (const one of group) writeAlone(one);
      else only?.reject(error);
      return;
    }
    group.forEach(({ resolve }, at) => resolve(results[at]));
  }

  function writeAlone({ work, resolve, reject }: Waiting): void {
    try {
      resolve(record(work));
    } catch (error) {
      reject(error);
    }
  }

  return <T>(work: () => T) =>
    new Promise<T>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(write);
      waiting.push({ work, resolve: resolve as (result: unknown) => void, reject });
    });
}
