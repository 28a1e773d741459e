import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { makeDir, renameDurablySync } from '#node-kit/files/index.ts';
import {
  type DatabaseFormat,
  migrateDatabase,
  type Migration,
  openForWriting,
  requireOwnFormat,
  versionOf,
} from '#node-kit/sqlite/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Db } from './db.ts';
import { asStationDatabaseFault, corrupt } from './database-fault.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { adoptRecords } from './records/adopt-records.ts';
import { hasJournal } from './records/covered-tables.ts';
import { watchRecords } from './records/watch-records.ts';

export type { Db } from './db.ts';

/**
 * SQLite moves the log into the file when it has so many pages (16 MB); the write that triggers it waits for two more syncs.
 * With SQLite's default of 1000 pages every twentieth run of twelve steps waited.
 */
const LOG_PAGES = 4000;

/** "GWST" in the file header. */
const APPLICATION_ID = 0x4757_5354;

/** A station's database; with fewer migrations, one of a version before. */
export function stationFormat(migrations: readonly Migration[] = MIGRATIONS): DatabaseFormat {
  return { applicationId: APPLICATION_ID, migrations, corrupt, hints: {} };
}

export interface OpenedDatabase {
  readonly db: Db;
  /** Path of the copy made before the schema was changed, when it was. */
  readonly backupPath: string | null;
  /** False for a large database: the whole file is to be checked while the station works already. */
  readonly isChecked: boolean;
}

/** The check of a smaller file takes less than a fifth of a second. */
const CHECKED_AT_ONCE_BYTES = 64 * 1024 * 1024;

/**
 * Opens the station's database for writing: one writer, WAL, `synchronous=FULL`, checked unless it is large, migrated.
 * Faults: `database-corrupt`, `database-future`, `file-denied`, `disk-full`, `data-busy`.
 */
export function openDatabase(
  file: string,
  migrations: readonly Migration[] = MIGRATIONS,
  checkedAtOnceBytes = CHECKED_AT_ONCE_BYTES,
): OpenedDatabase {
  const format = stationFormat(migrations);
  let db: Db | null = null;
  try {
    makeDir(dirname(file));
    // A key that was removed, and what it had sealed, must not be found in pages that are free.
    const options = { busyTimeoutMs: 5000, walAutocheckpointPages: LOG_PAGES, secureDelete: true };
    const opened = openForWriting(file, format, options);
    db = opened;
    // Before a migration the whole file is checked, however large it is.
    const isChecked =
      statSync(file).size <= checkedAtOnceBytes || versionOf(opened) !== migrations.at(-1)?.version;
    if (isChecked) {
      const checkResult = String(opened.pragma('quick_check(1)', { simple: true }));
      if (checkResult !== 'ok') throw corrupt(file, checkResult);
    }
    const backupPath = migrate(opened, file, format);
    // Every later write over this connection is entered in the journal.
    if (hasJournal(opened)) watchRecords(opened);
    return { db: opened, backupPath, isChecked };
  } catch (error) {
    db?.close();
    throw asStationDatabaseFault(error, file);
  }
}

/** Opens it for reading beside its owner. Faults: `not-found` when there is none, and those of `openDatabase`. */
export function openDatabaseForReading(file: string): Db {
  if (!existsSync(file)) throw noStation(dirname(file));
  let db: Db | null = null;
  try {
    db = new Database(file, { readonly: true, timeout: 5000 });
    requireOwnFormat(db, stationFormat());
    requireCurrentSchema(db, file);
    db.pragma('query_only = ON');
    return db;
  } catch (error) {
    db?.close();
    throw asStationDatabaseFault(error, file);
  }
}

export function noStation(dataDir: string): Fault {
  return new Fault('not-found', `there is no station in ${dataDir}`, {
    hint: 'Name the directory of one with --data; "station configure" makes a new one.',
  });
}

/** Faults `not-configured` for an older schema: a reader cannot migrate it, and would report missing tables as damage. */
function requireCurrentSchema(db: Db, file: string): void {
  const version = versionOf(db);
  const newest = MIGRATIONS.at(-1)?.version ?? 0;
  if (version >= newest) return;
  throw new Fault(
    'not-configured',
    `${file} is of an older Gongwei (version ${version}, this one has ${newest})`,
    {
      hint: 'Start the station once: it makes a backup and brings it up to date.',
      details: { version, newest },
    },
  );
}

/** A copy gets its name when it is complete, so that each copy with this name is complete. */
function copyBefore(db: Db, target: string): void {
  const part = `${target}.part`;
  rmSync(part, { force: true });
  db.prepare('VACUUM INTO ?').run(part);
  renameDurablySync(part, target);
}

/** Returns the path of the copy that was made before, if one was. */
function migrate(db: Db, file: string, format: DatabaseFormat): string | null {
  let backupPath: string | null = null;
  const hadJournal = hasJournal(db);
  const migrated = migrateDatabase(db, format, {
    before(version, newest) {
      if (version === 0) return;
      backupPath = `${file}.before-${newest}`;
      // A copy with this name may be of an earlier migration, which a restore has undone.
      copyBefore(db, backupPath);
    },
    after() {
      if (!hadJournal && hasJournal(db)) adoptRecords(db);
    },
  });
  // The tables themselves must not hang on a log that can be lost.
  if (migrated) db.pragma('wal_checkpoint(TRUNCATE)');
  return backupPath;
}
