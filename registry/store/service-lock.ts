import Database from 'better-sqlite3';
import { join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';

export const SERVICE_LOCK = 'service.lock';

/**
 * One registry service per data directory. The lock is SQLite's own on a file of its own: the operating system lets
 * go of it when the process dies, however it dies, so there is no stale lock to judge.
 * Faults: `data-busy`.
 */
export function lockService(dataDir: string): Disposable {
  const lock = new Database(join(dataDir, SERVICE_LOCK), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw new Fault('data-busy', `another registry is already running on ${dataDir}`, {
      hint: 'Use that one, or stop it first.',
      cause: error,
    });
  }
  return { [Symbol.dispose]: () => lock.close() };
}
