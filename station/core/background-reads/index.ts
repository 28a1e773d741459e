/** Reads that take long, each on a connection of its own. */
import { Fault } from '#shared/domain/fault.ts';
import { openStationDatabaseForReading, type ReadableDatabase } from '../database/index.ts';

/** Reads of the database that never delay the connection that records runs. */
export interface BackgroundReader {
  /** `read` gets a signal that fires with the caller's signal and when the reader is closed. */
  read<T>(
    read: (database: ReadableDatabase, signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
  /** Aborts all reads and waits for their end. */
  close(): Promise<void>;
}

export function createBackgroundReader(dataDir: string): BackgroundReader {
  const work = new Set<Promise<unknown>>();
  const closing = new AbortController();

  async function readOnOwnConnection<T>(
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
      const task = readOnOwnConnection(read, until);
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
