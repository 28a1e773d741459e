/** Long work beside the runs: over connections of its own. */
import { Fault } from '#shared/domain/fault.ts';
import { openStationDatabaseForReading, type ReadableDatabase } from '../database/index.ts';

/** Reads over connections of their own, so that a reader never delays the connection that records runs. */
export interface ReadPool {
  /** `read` gets a signal that fires with the caller's signal and when the pool is closed. */
  read<T>(
    read: (database: ReadableDatabase, signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
  /** Aborts all reads and waits for their end. */
  close(): Promise<void>;
}

export function createReadPool(dataDir: string): ReadPool {
  const work = new Set<Promise<unknown>>();
  const closing = new AbortController();

  async function reading<T>(
    read: (database: ReadableDatabase, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const database = openStationDatabaseForReading(dataDir);
    try {
      return await read(database, signal);
    } finally {
      database.close();
    }
  }

  return {
    read(read, signal) {
      const until = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
      const task = reading(read, until);
      work.add(task);
      const done = (): void => void work.delete(task);
      task.then(done, done);
      return task;
    },
    async close() {
      closing.abort(new Fault('cancelled', 'the station was closed'));
      await Promise.allSettled(work);
    },
  };
}
