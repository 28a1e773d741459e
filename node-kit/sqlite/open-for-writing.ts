import { accessSync, constants } from 'node:fs';
import Database from 'better-sqlite3';
import { Fault } from '#shared/domain/fault.ts';
import { asDatabaseFault } from './database-fault.ts';
import type { DatabaseFormat, ReadableDatabase, WritableDatabase } from './database-format.ts';

export interface WriteOptions {
  /** Longest wait of a write for a writer of another process, milliseconds. */
  readonly busyTimeoutMs: number;
  /** Pages in the WAL after which SQLite checkpoints; default 1000. */
  readonly walAutocheckpointPages?: number;
  /** Overwrites deleted content with zeros, so that the file does not contain it. */
  readonly secureDelete?: boolean;
}

/**
 * Opens a database for writing, or creates an empty one: WAL, `synchronous = FULL`, foreign keys on. The schema is not
 * changed; call `migrateDatabase` next.
 *
 * ```ts
 * const db = openForWriting('/data/registry.db', REGISTRY_FORMAT, { busyTimeoutMs: 10_000 });
 * migrateDatabase(db, REGISTRY_FORMAT);
 * ```
 *
 * Faults: `database-corrupt` for a damaged database or that of another program, `database-future`, `file-denied`,
 * `disk-read-only`, `disk-full`, `disk-failing`, `data-busy`.
 */
export function openForWriting(
  file: string,
  format: DatabaseFormat,
  options: WriteOptions,
): WritableDatabase {
  let db: WritableDatabase | null = null;
  try {
    db = new Database(file, { timeout: options.busyTimeoutMs });
    // SQLite opens a read-only file without an error and reports it at a later write.
    accessSync(file, constants.W_OK);
    requireOwnFormat(db, format);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    if (options.walAutocheckpointPages !== undefined)
      db.pragma(`wal_autocheckpoint = ${options.walAutocheckpointPages}`);
    if (options.secureDelete === true) db.pragma('secure_delete = ON');
    return db;
  } catch (error) {
    db?.close();
    throw asDatabaseFault(error, file, format);
  }
}

/** The number of the last migration that was applied; 0 for an empty database. */
export function versionOf(db: ReadableDatabase): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/**
 * Requires a database of this format, or an empty one. Faults: `database-corrupt` for the database of another program,
 * `database-future` for one of a newer Gongwei.
 *
 * @param file path in the message of the fault, when `db` is a copy
 */
export function requireOwnFormat(
  db: ReadableDatabase,
  { applicationId, migrations, corrupt }: DatabaseFormat,
  file = db.name,
): void {
  const version = versionOf(db);
  const storedId = Number(db.pragma('application_id', { simple: true }));
  // Both numbers are zero in a new file, and in the databases of most programs, which are not empty.
  const isNew = storedId === 0 && version === 0 && isEmpty(db);
  if (storedId !== applicationId && !isNew) throw corrupt(file, 'it is a database of another program');
  const newest = migrations.at(-1)?.version ?? 0;
  if (version <= newest) return;
  throw new Fault(
    'database-future',
    `${file} was written by a newer Gongwei (version ${version}; this one knows ${newest})`,
    {
      hint: 'Start the newer Gongwei, or restore the backup made before the update.',
      details: { version, newest },
    },
  );
}

/** True for a database without tables. */
export function isEmpty(db: ReadableDatabase): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}
