import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';

export interface OpenedBackup extends Disposable {
  readonly db: Database.Database;
  /** The file that is read: the backup, or its temporary copy. */
  readonly path: string;
}

/**
 * Opens a copy of a database for reading only, also on a write-protected disk. SQLite needs to make a file beside a database that
 * has a write-ahead log; where it cannot, a temporary copy is read. Faults: those of SQLite, and of the system for that copy.
 */
export function openBackup(file: string): OpenedBackup {
  try {
    const db = openForReading(file);
    return { db, path: file, [Symbol.dispose]: () => void db.close() };
  } catch (error) {
    const code = error instanceof Database.SqliteError ? error.code : '';
    if (!/^SQLITE_(?:CANTOPEN|READONLY)/.test(code)) throw error;
    return openApart(file);
  }
}

function openForReading(file: string): Database.Database {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    // The first that is read shows whether anything can be.
    db.pragma('user_version');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function openApart(file: string): OpenedBackup {
  const dir = mkdtempSync(join(tmpdir(), 'gongwei-backup-'));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  try {
    const copy = join(dir, basename(file));
    for (const part of ['', '-wal']) if (existsSync(file + part)) copyFileSync(file + part, copy + part);
    const db = openForReading(copy);
    return {
      db,
      path: copy,
      [Symbol.dispose]() {
        db.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
