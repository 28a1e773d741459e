import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { raceAbort } from '../async/index.ts';

/** A program of its own as text, because a bundle has no second file to start. Null closes the database and ends it. */
const PROGRAM = `
const { parentPort, workerData: { file, sqlite } } = require('node:worker_threads');
const Database = require(sqlite);
let db = null;
parentPort.on('message', (query) => {
  if (query === null) {
    db?.close();
    parentPort.close();
    return;
  }
  try {
    db ??= new Database(file, { readonly: true, fileMustExist: true, timeout: 5000 });
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

type Value = string | number;
type Answer = { readonly rows: unknown[] } | { readonly message: string; readonly code: string };

/** A connection for reading in a thread of its own. */
export interface ReaderBeside extends AsyncDisposable {
  /**
   * The rows of one query; one query at a time. Errors: those of SQLite, unconverted; the signal's reason, after which the
   * rest of the query continues in its thread and its rows are dropped.
   */
  all<Row>(sql: string, ...values: readonly Value[]): Promise<Row[]>;
}

/**
 * Opens a database for reading in a thread of its own, so that a query that reads much does not hold up anything else.
 *
 * ```ts
 * await using reader = readBeside('/data/station.db', signal);
 * const [row] = await reader.all<{ runs: number }>('SELECT count(*) AS runs FROM run');
 * ```
 */
export function readBeside(file: string, signal: AbortSignal): ReaderBeside {
  const sqlite = createRequire(import.meta.url).resolve('better-sqlite3');
  const worker = new Worker(PROGRAM, { eval: true, workerData: { file, sqlite } });
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
