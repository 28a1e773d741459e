import Database from 'better-sqlite3';
import { join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { asDatabaseFault } from './open-database.ts';

export const SERVICE_LOCK = 'service.lock';

/**
 * Locks the data directory for one registry service. The lock is a SQLite lock on a separate file, which the operating system
 * releases when the process ends, so that there is no stale lock.
 * Faults: `data-busy`, `file-denied`, `disk-full`, `disk-failing`.
 */
export function lockService(dataDir: string): Disposable {
  const file = join(dataDir, SERVICE_LOCK);
  let lock: Database.Database | null = null;
  try {
    lock = new Database(file, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    const fault = asDatabaseFault(error, file);
    if (!(fault instanceof Fault) || fault.code !== 'data-busy') throw fault;
    throw new Fault('data-busy', `another registry is already running on ${dataDir}`, {
      hint: 'Use that one, or stop it first.',
      cause: error,
    });
  }
  const held = lock;
  return { [Symbol.dispose]: () => held.close() };
}
