import Database from 'better-sqlite3';
import { sqliteFaultCodeOf } from './database-fault.ts';

/**
 * Locks a file for this process, and makes it where there is none; null when another process has the lock. It is SQLite's
 * own lock: the operating system releases it at every end of the process, also after a kill. A user
 * who may write to the folder can remove the file and, with it, the lock.
 *
 * ```ts
 * using lock = tryLockFile('/data/service.lock');
 * if (lock === null) throw new Fault('data-busy', 'another registry is running on /data');
 * ```
 *
 * Faults: those of SQLite but SQLITE_BUSY, as they are (`asDatabaseFault` makes faults of them).
 */
export function tryLockFile(file: string): Disposable | null {
  let db: Database.Database | null = null;
  try {
    db = new Database(file, { timeout: 0 });
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    const held = db;
    return { [Symbol.dispose]: () => void held.close() };
  } catch (error) {
    db?.close();
    if (sqliteFaultCodeOf(error) === 'data-busy') return null;
    throw error;
  }
}
