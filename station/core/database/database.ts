import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '#shared/domain/fault.ts';
import type { Db } from './db.ts';
import { asDatabaseFault, corrupt } from './store-fault.ts';
import { makeDir } from '../../../node-kit/files/make-dir.ts';
import { MIGRATIONS, type Migration } from './migrations/index.ts';
import { adoptRecords } from './records/adopt-records.ts';
import { hasJournal } from './records/covered-tables.ts';
import { watchRecords } from './records/watch-records.ts';

export type { Db } from './db.ts';

/**
 * The log is folded into the file when it has so many pages (16 MB): whoever is at work then waits for the disk twice
 * more. At SQLite's own 1000 that befell every twentieth run of twelve steps.
 */
const LOG_PAGES = 4000;

/** "GWST" in the file header: tells a station's database from any other SQLite file. */
const APPLICATION_ID = 0x4757_5354;

export interface OpenedDatabase {
  readonly db: Db;
  /** Path of the copy made before the schema was changed, when it was. */
  readonly backupPath: string | null;
}

/**
 * Opens the station's database for writing: one writer, WAL, `synchronous=FULL`, checked, migrated.
 * Faults: `database-corrupt`, `database-future`, `file-denied`, `disk-full`, `data-busy`.
 */
export function openDatabase(file: string, migrations: readonly Migration[] = MIGRATIONS): OpenedDatabase {
  let db: Db | null = null;
  try {
    makeDir(dirname(file));
    db = new Database(file, { timeout: 5000 });
    refuseForeignOrFuture(db, file, migrations);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma(`wal_autocheckpoint = ${LOG_PAGES}`);
    db.pragma('foreign_keys = ON');
    // A key that was removed, and what it had sealed, must not be found in pages that are free.
    db.pragma('secure_delete = ON');
    const verdict = String(db.pragma('quick_check(1)', { simple: true }));
    if (verdict !== 'ok') throw corrupt(file, verdict);
    const backupPath = migrate(db, file, migrations);
    // Whatever is written from here on is noted, whoever writes it over this connection.
    if (hasJournal(db)) watchRecords(db);
    return { db, backupPath };
  } catch (error) {
    db?.close();
    throw asDatabaseFault(error, file);
  }
}

/** Opens it for reading beside its owner. Faults: `not-found` when there is none, and those of `openDatabase`. */
export function openDatabaseForReading(file: string): Db {
  if (!existsSync(file)) throw noStation(dirname(file));
  let db: Db | null = null;
  try {
    db = new Database(file, { readonly: true, timeout: 5000 });
    refuseForeignOrFuture(db, file, MIGRATIONS);
    refusePast(db, file);
    db.pragma('query_only = ON');
    return db;
  } catch (error) {
    db?.close();
    throw asDatabaseFault(error, file);
  }
}

export function noStation(dataDir: string): Fault {
  return new Fault('not-found', `there is no station in ${dataDir}`, {
    hint: 'Name the directory of one with --data; "station configure" begins a new one.',
  });
}

function versionOf(db: Db): number {
  return Number(db.pragma('user_version', { simple: true }));
}

export function refuseForeignOrFuture(db: Db, file: string, migrations: readonly Migration[]): void {
  const version = versionOf(db);
  const applicationId = Number(db.pragma('application_id', { simple: true }));
  // Most programs leave both numbers at zero, as a file that was just made has them: only that one is also empty.
  const fresh = applicationId === 0 && version === 0 && isEmpty(db);
  if (applicationId !== APPLICATION_ID && !fresh) {
    throw corrupt(file, 'it is a database of another program');
  }
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

/** Whoever only looks cannot bring it up to date, and would take what is not there yet for damage. */
function refusePast(db: Db, file: string): void {
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

function isEmpty(db: Db): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}

/** A copy that is there is a whole one: it gets its name when it is finished. */
function copyBefore(db: Db, target: string): void {
  const part = `${target}.part`;
  rmSync(part, { force: true });
  db.prepare('VACUUM INTO ?').run(part);
  renameSync(part, target);
}

/** A migration that does not fit was tried on a schema that its number does not tell the truth of. */
function makeTables(db: Db, file: string, version: number, migration: Migration): void {
  try {
    db.exec(migration.sql);
  } catch (error) {
    const other = !(error instanceof Database.SqliteError) || error.code !== 'SQLITE_ERROR';
    if (other || version === 0) throw error;
    throw corrupt(file, `its tables are not those of its version ${version} (${error.message})`, error);
  }
}

function migrate(db: Db, file: string, migrations: readonly Migration[]): string | null {
  const version = versionOf(db);
  const due = migrations.filter((migration) => migration.version > version);
  if (due.length === 0) return null;
  const backupPath = version === 0 ? null : `${file}.before-${due.at(-1)?.version ?? 0}`;
  if (backupPath !== null && !existsSync(backupPath)) copyBefore(db, backupPath);
  const hadJournal = hasJournal(db);
  db.transaction(() => {
    for (const migration of due) {
      makeTables(db, file, version, migration);
      db.pragma(`user_version = ${migration.version}`);
    }
    if (!hadJournal && hasJournal(db)) adoptRecords(db);
    db.pragma(`application_id = ${APPLICATION_ID}`);
  }).immediate();
  // The tables themselves must not hang on a log that can be lost.
  db.pragma('wal_checkpoint(TRUNCATE)');
  return backupPath;
}
