import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { raceAbort } from '../async/index.ts';

/** A program of its own as text, because a bundle has no second file to start. Null closes the database and ends it. */
const PROGRAM = `
const { parentPort, workerData: { file, sqlite, options } } = require('node:worker_threads');
const Database = require(sqlite);
let db = null;
parentPort.on('message', (query) => {
  if (query === null) {
    db?.close();
    parentPort.close();
    return;
  }
  try {
    db ??= new Database(file, options);
    const statement = db.prepare(query.sql);
    if (statement.reader) parentPort.postMessage({ rows: statement.all(...query.values) });
    else {
      statement.run(...query.values);
      parentPort.postMessage({ rows: [] });
    }
  } catch (error) {
    parentPort.postMessage({ message: String(error?.message), code: String(error?.code ?? '') });
  }
});
`;

const OPTIONS = { readonly: true, fileMustExist: true, timeout: 5000 };

type Value = string | number;
type Answer = { readonly rows: unknown[] } | { readonly message: string; readonly code: string };

/** A connection for reading that holds up nothing else. */
export interface ReaderBeside extends AsyncDisposable {
  /**
   * The rows of one query; one query at a time. Errors: those of SQLite, unconverted; the signal's reason, after which the
   * rest of the query continues in its thread and its rows are dropped.
   */
  all<Row>(sql: string, ...values: readonly Value[]): Promise<Row[]>;
}

/**
 * A file and its log that are not larger are read in the caller's thread: all of it takes milliseconds, and the start of a
 * thread takes a tenth of a second.
 */
const SMALL_BYTES = 1024 * 1024;

/**
 * Opens a database for reading in a thread of its own, so that a query that reads much does not hold up anything else. A
 * small database needs no thread.
 *
 * ```ts
 * await using reader = readBeside('/data/station.db', signal);
 * const [row] = await reader.all<{ runs: number }>('SELECT count(*) AS runs FROM run');
 * ```
 */
export function readBeside(file: string, signal: AbortSignal): ReaderBeside {
  return sizeOf(file) + sizeOf(`${file}-wal`) <= SMALL_BYTES
    ? readHere(file, signal)
    : readInThread(file, signal);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readHere(file: string, signal: AbortSignal): ReaderBeside {
  let db: Database.Database | null = null;
  return {
    // Async, so that each error is a rejection.
    async all<Row>(sql: string, ...values: readonly Value[]) {
      throwIfAborted(signal);
      db ??= new Database(file, OPTIONS);
      const statement = db.prepare<Value[], Row>(sql);
      if (statement.reader) return statement.all(...values);
      statement.run(...values);
      return [];
    },
    [Symbol.asyncDispose]() {
      db?.close();
      return Promise.resolve();
    },
  };
}

function readInThread(file: string, signal: AbortSignal): ReaderBeside {
  const sqlite = createRequire(import.meta.url).resolve('better-sqlite3');
  const worker = new Worker(PROGRAM, { eval: true, workerData: { file, sqlite, options: OPTIONS } });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  // An error is that of the query that waits for its answer.
  worker.on('error', () => undefined);
  let isAtWork = false;
  return {
    async all<Row>(sql: string, ...values: readonly Value[]) {
      throwIfAborted(signal);
      isAtWork = true;
      const answered = once(worker, 'message') as Promise<[Answer]>;
      worker.postMessage({ sql, values });
      const [answer] = await raceAbort(answered, signal);
      isAtWork = false;
      if ('rows' in answer) return answer.rows as Row[];
      throw answer.code.startsWith('SQLITE_')
        ? new Database.SqliteError(answer.message, answer.code)
        : new Error(answer.message);
    },
    async [Symbol.asyncDispose]() {
      // A query cannot be interrupted; the thread ends after it, and nothing waits for that.
      if (isAtWork) return void worker.terminate();
      worker.postMessage(null);
      await ended;
    },
  };
}
