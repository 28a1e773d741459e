import Database from 'better-sqlite3';
import { sqliteFaultCodeOf } from './database-fault.ts';

/**
 * Locks a file for this process; creates the file when it does not exist. Null when another process has the lock. It is the
 * lock of SQLite, which the operating system releases when the process ends, also after a kill. A user with write
 * permission on the directory can remove the file and, with it, the lock.
 *
 * ```ts
 * using lock = tryLockFile('/data/service.lock');
 * if (lock === null) throw new Fault('data-busy', 'another registry is running on /data');
 * ```
 *
 * Errors: those of SQLite except SQLITE_BUSY, SQLITE_LOCKED and SQLITE_PROTOCOL, unconverted; `asDatabaseFault` makes faults
 * of them.
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
