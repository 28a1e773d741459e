import { accessSync, constants, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '#shared/domain/fault.ts';
import { DISK_HINTS, type FileFaultCode, fileFaultCodeOf } from '../files/index.ts';
import type { DatabaseFormat } from './database-format.ts';

/** A file system with less free space counts as full, because every write of SQLite needs one or two pages. */
const NO_SPACE_BYTES = 64 * 1024;

/**
 * The fault code of an error of SQLite; null when its cause is neither the file nor its disk. `database-corrupt` only for
 * SQLITE_NOTADB and SQLITE_CORRUPT, because its remedy is a restore, which loses the records after the backup.
 * Codes: https://www.sqlite.org/rescode.html, as of 3.54.
 */
export function sqliteFaultCodeOf(error: unknown): FileFaultCode | 'database-corrupt' | null {
  if (!(error instanceof Database.SqliteError)) return null;
  const { code } = error;
  if (/^SQLITE_(?:NOTADB|CORRUPT)/.test(code)) return 'database-corrupt';
  if (/^SQLITE_(?:BUSY|LOCKED|PROTOCOL)/.test(code)) return 'data-busy';
  if (/^SQLITE_FULL/.test(code)) return 'disk-full';
  if (code === 'SQLITE_READONLY_DBMOVED') return 'file-missing';
  if (/^SQLITE_(?:NOMEM|IOERR_NOMEM)/.test(code)) return null;
  if (/^SQLITE_(?:IOERR|NOLFS)/.test(code)) return 'disk-failing';
  if (/^SQLITE_(?:CANTOPEN|READONLY|PERM|AUTH)/.test(code)) return 'file-denied';
  return null;
}

/**
 * Converts an error of SQLite or the file system to a fault with the path of the database. Returns any other error, and a
 * fault, unchanged.
 *
 * ```ts
 * try {
 *   db.exec('BEGIN IMMEDIATE');
 * } catch (error) {
 *   throw asDatabaseFault(error, db.name, STATION_FORMAT);
 * }
 * ```
 *
 * Faults made: `database-corrupt`, `data-busy`, `disk-full`, `disk-read-only`, `disk-failing`, `file-denied`,
 * `file-missing`; all but the first with `details.path` and `details.code`.
 */
export function asDatabaseFault(
  error: unknown,
  file: string,
  { corrupt, hints }: Pick<DatabaseFormat, 'corrupt' | 'hints'>,
): unknown {
  if (error instanceof Fault) return error;
  const code = refined(sqliteFaultCodeOf(error), file) ?? fileFaultCodeOf(error);
  if (code === null) return error;
  if (code === 'database-corrupt') return corrupt(file, (error as Error).message, error);
  const cause = String((error as { code?: unknown }).code);
  const { message, hint } = TEXTS[code](file, cause);
  return new Fault(code, message, {
    hint: hints[code] ?? hint,
    details: { path: file, code: cause },
    cause: error,
  });
}

/**
 * SQLite reports a full or read-only disk as another error in some cases, for example when it cannot open its shared memory
 * file. The operating system is asked for the cause.
 */
function refined(
  code: ReturnType<typeof sqliteFaultCodeOf>,
  file: string,
): ReturnType<typeof sqliteFaultCodeOf> {
  if (code === 'disk-failing') return isFull(file) ? 'disk-full' : (deniedAccessOf(file) ?? code);
  if (code === 'file-denied') return deniedAccessOf(file) ?? (isFull(file) ? 'disk-full' : code);
  return code;
}

/** The fault code with which the operating system denies writing to the files of a database; null when it allows it. */
function deniedAccessOf(file: string): FileFaultCode | null {
  for (const path of [dirname(file), file, `${file}-wal`, `${file}-shm`]) {
    try {
      accessSync(path, constants.R_OK | constants.W_OK);
    } catch (error) {
      const code = fileFaultCodeOf(error);
      // SQLite creates missing files.
      if (code !== null && code !== 'file-missing') return code;
    }
  }
  return null;
}

function isFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < NO_SPACE_BYTES;
  } catch {
    return false;
  }
}

type FaultTexts = (file: string, code: string) => { readonly message: string; readonly hint: string };
const TEXTS: Readonly<Record<FileFaultCode, FaultTexts>> = {
  'disk-full': (file) => ({ message: `no space left on the disk of ${file}`, hint: DISK_HINTS['disk-full'] }),
  'disk-read-only': (file) => ({
    message: `the disk of ${file} is read-only`,
    hint: DISK_HINTS['disk-read-only'],
  }),
  'disk-failing': (file, code) => ({
    message: `the disk of ${file} reports an error (${code})`,
    hint: DISK_HINTS['disk-failing'],
  }),
  'file-denied': (file, code) => ({
    message: `${file} cannot be opened for writing (${code})`,
    hint: 'Give this user write permission on the data directory and every file in it.',
  }),
  'file-missing': (file, code) => ({
    message: `${file} is not where it was (${code})`,
    hint: 'Somebody moved it or its directory: put it back, and start again.',
  }),
  'data-busy': (file) => ({
    message: `${file} is in use by another process`,
    hint: 'Close the other Gongwei on this computer, or name another directory with --data.',
  }),
};
