import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { openDatabaseForReading } from './database.ts';
import type { Db } from './db.ts';
import { openBackup } from './open-backup.ts';
import { databaseFile, openRestoreCopy } from './open-station-database.ts';
import { compareSchema } from './records/compare-schema.ts';
import type { ReadableDatabase } from './readable-database.ts';
import { createStationDatabase } from './station-database.ts';

export interface ForeignDatabase extends Disposable {
  readonly database: ReadableDatabase;
}

/** The database of a data directory, or a backup of one. */
export function foreignDatabaseFile(path: string): string {
  return statSync(path).isDirectory() ? databaseFile(path) : path;
}

/**
 * Opens the records of another station for reading: its data directory, also while it works, or a backup. The records of an older
 * version, and those on a disk that cannot be written, are read in a temporary copy; nothing there is changed.
 * Faults: `not-found` for a directory without a station, `bad-input` for a
 * file with another schema, `database-corrupt`, `database-future`, those of the file system.
 */
export function openForeignDatabase(path: string): ForeignDatabase {
  const file = foreignDatabaseFile(path);
  if (!existsSync(file)) {
    throw new Fault('not-found', `there is no station in ${path}`, {
      hint: 'Name the data directory of a station, a backup, or a file of runs.',
    });
  }
  try {
    const database = openChecked(file);
    return { database, [Symbol.dispose]: () => void database.close() };
  } catch (error) {
    if (!(error instanceof Fault) || !APART.has(error.code)) throw error;
    return openApart(file);
  }
}

function openChecked(file: string): ReadableDatabase {
  const db = openDatabaseForReading(file);
  try {
    requireSchema(db, file);
    return createStationDatabase(db, file, null);
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * A file from outside may have a view or a trigger in the place of a table, which would do anything for any length of time.
 * Faults: `bad-input`.
 */
function requireSchema(db: Db, file: string): void {
  const [first] = compareSchema(db);
  if (first === undefined) return;
  const { type, name, what } = first;
  throw new Fault('bad-input', `${file} is no database as a station makes it: ${type} ${name} is ${what}`, {
    hint: 'Check the records there with "audit verify".',
  });
}

/** Faults of records that a copy can be read of: an older version, and a file that cannot be opened where it lies. */
const APART: ReadonlySet<string> = new Set([
  'not-configured',
  'file-denied',
  'disk-read-only',
  'file-missing',
]);

function openApart(file: string): ForeignDatabase {
  const dir = mkdtempSync(join(tmpdir(), 'gongwei-foreign-'));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  try {
    const copy = join(dir, 'station.db');
    {
      using backup = openBackup(file);
      requireSchema(backup.db, file);
      backup.db.prepare('VACUUM INTO ?').run(copy);
    }
    const database = openRestoreCopy(copy);
    return {
      database,
      [Symbol.dispose]() {
        database.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
