import { accessSync, constants } from 'node:fs';
import Database from 'better-sqlite3';
import { Fault } from '#shared/domain/fault.ts';
import { asDatabaseFault } from './database-fault.ts';
import type { DatabaseFormat, ReadableDatabase, WritableDatabase } from './database-format.ts';

export interface WriteOptions {
  /** How long a write waits for a writer of another process, milliseconds. */
  readonly busyTimeoutMs: number;
  /** The log is folded into the file when it has so many pages of 4 KiB; SQLite's own 1000 when left out. */
  readonly walAutocheckpointPages?: number;
  /** Overwrites what is deleted with zeros, so that nothing of it is found in the file. */
  readonly secureDelete?: boolean;
}

/**
 * Opens a database for writing, and makes an empty one where there is none: WAL, `synchronous = FULL`, foreign keys on.
 * Its schema is as it was: `migrateDatabase` is next.
 *
 * ```ts
 * const db = openForWriting('/data/registry.db', REGISTRY_FORMAT, { busyTimeoutMs: 10_000 });
 * migrateDatabase(db, REGISTRY_FORMAT);
 * ```
 *
 * Faults: `database-corrupt` for one that is damaged or another program's, `database-future`, `file-denied`,
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

/** The number of the last migration that it has; 0 for one that was just made. */
export function versionOf(db: ReadableDatabase): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/**
 * Faults: `database-corrupt` for the database of another program, `database-future` for one of a newer Gongwei.
 *
 * @param file its name in the fault, where a copy is opened instead
 */
export function requireOwnFormat(
  db: ReadableDatabase,
  { applicationId, migrations, corrupt }: DatabaseFormat,
  file = db.name,
): void {
  const version = versionOf(db);
  const found = Number(db.pragma('application_id', { simple: true }));
  // Most programs leave both numbers at zero, as a file that was just made has them: only that one is also empty.
  const isNew = found === 0 && version === 0 && isEmpty(db);
  if (found !== applicationId && !isNew) throw corrupt(file, 'it is a database of another program');
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
