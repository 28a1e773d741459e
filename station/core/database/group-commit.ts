interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Joins the writes of one turn of the event loop into one transaction: one wait for the disk instead of one for each write.
 * The longer the disk takes, the more writes are joined meanwhile; a single write is not delayed. Each promise resolves
 * when its write is as durable as `write` makes it.
 *
 * When a write throws, the transaction is undone and each write is done in a transaction of its own.
 *
 * @param write a durable transaction, all or nothing
 */
export function createGroupCommit(write: (work: () => unknown) => unknown): <T>(work: () => T) => Promise<T> {
  let waiting: Waiting[] = [];

  function flush(): void {
    const group = waiting;
    waiting = [];
    const results: unknown[] = [];
    try {
      write(() => {
        // It may be called twice, after its first attempt was undone.
        results.length = 0;
        for (const { work } of group) results.push(work());
      });
    } catch (error) {
      const [only] = group;
      if (group.length > 1) for (const waitingWork of group) writeAlone(waitingWork);
      else only?.reject(error);
      return;
    }
    group.forEach(({ resolve }, index) => resolve(results[index]));
  }

  function writeAlone({ work, resolve, reject }: Waiting): void {
    try {
      resolve(write(work));
    } catch (error) {
      reject(error);
    }
  }

  return <T>(work: () => T) =>
    new Promise<T>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ work, resolve: resolve as (result: unknown) => void, reject });
    });
}
