import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** A program of its own as text, because a bundle has no second file to start. */
const PROGRAM = `
const { parentPort, workerData: { file, sqlite } } = require('node:worker_threads');
const db = new (require(sqlite))(file, { readonly: true, timeout: 5000 });
try {
  parentPort.postMessage(String(db.pragma('quick_check(1)', { simple: true })));
} finally {
  db.close();
}
`;

/**
 * Reads a whole database in a thread of its own, so that a large file does not hold up anything else. Returns what is
 * damaged in it, or null.
 *
 * ```ts
 * const damage = await findDamage('/data/station.db', signal);
 * ```
 *
 * Errors: those of SQLite, unconverted; the signal's reason.
 */
export async function findDamage(file: string, signal: AbortSignal): Promise<string | null> {
  const sqlite = createRequire(import.meta.url).resolve('better-sqlite3');
  const worker = new Worker(PROGRAM, { eval: true, workerData: { file, sqlite } });
  // The check alone must not keep the process running.
  worker.unref();
  try {
    const [answer] = (await once(worker, 'message', { signal })) as [string];
    return answer === 'ok' ? null : answer;
  } finally {
    void worker.terminate();
  }
}
