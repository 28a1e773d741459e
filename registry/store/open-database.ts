import {
  asDatabaseFault,
  type DatabaseFormat,
  migrateDatabase,
  type Migration,
  openForWriting,
  type WritableDatabase,
} from '#node-kit/sqlite/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { MIGRATIONS } from './migrations/index.ts';

export type Db = WritableDatabase;

/** "GWRG" in the file header. */
const APPLICATION_ID = 0x4757_5247;
/** How long a writer waits for the writer of another process (service and `registry seed`). */
const BUSY_TIMEOUT_MS = 10_000;
const FORMAT: DatabaseFormat = {
  applicationId: APPLICATION_ID,
  migrations: MIGRATIONS,
  corrupt,
  hints: {
    'file-denied': 'Give the user that runs the registry write permission on the data directory.',
    'data-busy': 'Wait until the other process is done, or stop it.',
  },
};

/**
 * Opens the registry's database and migrates it to the newest version. Several processes may do this at once.
 * Faults: `database-future` when a newer Gongwei wrote it, `database-corrupt` when it is not a healthy registry database,
 * `data-busy` when another process locks it, `file-denied`, `disk-read-only`, `disk-full`,
 * `disk-failing` when it cannot be written.
 */
export function openDatabase(file: string, migrations: readonly Migration[] = MIGRATIONS): Db {
  const format = { ...FORMAT, migrations };
  const db = openForWriting(file, format, { busyTimeoutMs: BUSY_TIMEOUT_MS });
  try {
    migrateDatabase(db, format);
    return db;
  } catch (error) {
    db.close();
    throw asRegistryFault(error, file);
  }
}

/** Checks the integrity of the complete file, which takes seconds for a large database. Faults: `database-corrupt`. */
export function checkDatabase(db: Db): void {
  const checkResult = db.pragma('quick_check(1)', { simple: true });
  if (checkResult !== 'ok') throw corrupt(db.name, String(checkResult));
}

/** `asDatabaseFault` with the hints of a registry. */
export function asRegistryFault(error: unknown, file: string): unknown {
  return asDatabaseFault(error, file, FORMAT);
}

function corrupt(file: string, reason: string): Fault {
  return new Fault('database-corrupt', `${file} is not a healthy registry database: ${reason}`, {
    hint: 'Keep the file, and restore the last backup.',
  });
}

/** Writes without a sync of the disk. In WAL mode a power cut can lose the last of these writes, but not damage the file. */
export function withRelaxedSync(db: Db, work: () => void): void {
  if (db.inTransaction) return work();
  db.pragma('synchronous = NORMAL');
  try {
    work();
  } finally {
    db.pragma('synchronous = FULL');
  }
}
