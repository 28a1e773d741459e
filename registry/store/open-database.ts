import { accessSync, constants } from 'node:fs';
import Database from 'better-sqlite3';
import { DISK_HINTS } from '#shared/domain/disk-trouble.ts';
import { Fault } from '#shared/domain/fault.ts';
import { MIGRATIONS, type Migration } from './migrations/index.ts';

export type Db = Database.Database;

/** "GWRG" in the file header identifies the registry's database. */
const APPLICATION_ID = 0x4757_5247;
/** How long a writer waits for the writer of another process (service and `registry seed`). */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens the registry's database and migrates it to the newest version. Several processes may do this at once.
 * Faults: `database-future` when a newer Gongwei wrote it, `database-corrupt` when it is not a healthy registry database,
 * `data-busy` when another process locks it, `file-denied` when it is not writable, `disk-full`, `disk-failing`.
 */
export function openDatabase(file: string, migrations: readonly Migration[] = MIGRATIONS): Db {
  let db: Db | null = null;
  try {
    db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    refuseReadOnly(file);
    refuseForeignAndFuture(db, file, migrations);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    migrate(db, file, migrations);
    return db;
  } catch (error) {
    db?.close();
    throw asDatabaseFault(error, file);
  }
}

/** Reads the whole file, which takes seconds for a large database. Faults: `database-corrupt`. */
export function checkDatabase(db: Db): void {
  const verdict = db.pragma('quick_check(1)', { simple: true });
  if (verdict !== 'ok') throw corrupt(db.name, String(verdict));
}

/** SQLite opens a read-only file without an error, and fails at a later write. Faults: `file-denied`. */
function refuseReadOnly(file: string): void {
  try {
    accessSync(file, constants.W_OK);
  } catch (cause) {
    throw notWritable(file, cause);
  }
}

function refuseForeignAndFuture(db: Db, file: string, migrations: readonly Migration[]): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  const applicationId = Number(db.pragma('application_id', { simple: true }));
  if (applicationId !== APPLICATION_ID && (version !== 0 || applicationId !== 0)) {
    throw corrupt(file, 'it is a database of another program');
  }
  const newest = migrations.at(-1)?.version ?? 0;
  if (version > newest) {
    throw new Fault(
      'database-future',
      `${file} was written by a newer Gongwei (version ${version}, this one knows ${newest})`,
      {
        hint: 'Start the newer Gongwei, or restore the backup made before the update.',
        details: { version, newest },
      },
    );
  }
}

function migrate(db: Db, file: string, migrations: readonly Migration[]): void {
  const step = db.transaction(() => {
    // Again with the lock: another process may have migrated the database.
    refuseForeignAndFuture(db, file, migrations);
    const version = Number(db.pragma('user_version', { simple: true }));
    for (const migration of migrations) {
      if (migration.version <= version) continue;
      db.exec(migration.sql);
      db.pragma(`user_version = ${migration.version}`);
    }
    db.pragma(`application_id = ${APPLICATION_ID}`);
  });
  if (Number(db.pragma('user_version', { simple: true })) < (migrations.at(-1)?.version ?? 0))
    step.immediate();
}

/** The fault for an error of SQLite while a database is opened; another error is returned unchanged. */
export function asDatabaseFault(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (error.code === 'SQLITE_NOTADB' || error.code.startsWith('SQLITE_CORRUPT'))
    return corrupt(file, error.message);
  if (error.code.startsWith('SQLITE_BUSY')) {
    return new Fault('data-busy', `${file} is locked by another process`, {
      hint: 'Wait until the other process is done, or stop it.',
      cause: error,
    });
  }
  if (/^SQLITE_(?:CANTOPEN|READONLY|PERM)/.test(error.code)) {
    return notWritable(file, error);
  }
  if (error.code === 'SQLITE_FULL') {
    return new Fault('disk-full', `no space left to write ${file}`, {
      hint: 'Free space on this disk.',
      cause: error,
    });
  }
  // An error of the disk, not of the file.
  if (error.code.startsWith('SQLITE_IOERR')) {
    return new Fault('disk-failing', `the disk of ${file} reports an error (${error.code})`, {
      hint: DISK_HINTS['disk-failing'],
      cause: error,
    });
  }
  return error;
}

function notWritable(file: string, cause: unknown): Fault {
  return new Fault('file-denied', `${file} cannot be opened for writing`, {
    hint: 'Give the user that runs the registry write permission on the data directory.',
    cause,
  });
}

function corrupt(file: string, reason: string): Fault {
  return new Fault('database-corrupt', `${file} is not a healthy registry database: ${reason}`, {
    hint: 'Keep the file, and restore the last backup.',
  });
}
