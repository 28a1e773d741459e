import { accessSync, constants, readdirSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { DISK_HINTS, type DiskTrouble, diskTroubleOf } from '#shared/domain/disk-trouble.ts';
import { Fault } from '#shared/domain/fault.ts';

/** Below this a file system is as good as full: SQLite needs a page or two for anything. */
const NO_SPACE_BYTES = 64 * 1024;

export function corrupt(file: string, why: string, cause?: unknown): Fault {
  return new Fault('database-corrupt', `${file} is not a healthy station database: ${inOneLine(why)}`, {
    hint: `Stop working here, keep the file, and let support restore it: ${restoreCommand(file)}`,
    details: { why: inOneLine(why) },
    cause,
  });
}

/** SQLite's verdicts have a heading, and lines. */
export function inOneLine(verdict: string): string {
  return verdict
    .replace('*** in database main ***', '')
    .trim()
    .replaceAll(/\s*\n\s*/g, '; ');
}

/** What to type, with the newest backup that is there. */
function restoreCommand(file: string): string {
  const [newest] = listBackups(dirname(file));
  return `"restore --from ${newest ?? 'BACKUP'} --reason TEXT --approver NAME"`;
}

/** Whole copies of the database in a data directory, newest first. */
export function listBackups(dataDir: string): string[] {
  const dir = join(dataDir, 'backups');
  try {
    const names = readdirSync(dir).filter((name) => /^station-\w+\.db$/.test(name));
    return names
      .sort()
      .reverse()
      .map((name) => join(dir, name));
  } catch {
    return [];
  }
}

/**
 * What SQLite or the file system says, as a fault of the closed list; anything unknown passes through. Only what SQLite
 * itself calls corrupt is corrupt, because its advice is a restore, which gives up what the station had in hand.
 * Codes: https://www.sqlite.org/rescode.html, as of 3.54.
 */
export function asDatabaseFault(error: unknown, file: string): unknown {
  if (error instanceof Fault) return error;
  if (!(error instanceof Database.SqliteError)) {
    const trouble = diskTroubleOf(error);
    return trouble === null ? error : diskFault(trouble, file, error);
  }
  const { code } = error;
  // What a file system calls corrupt is its own trouble; what SQLite calls so is the file's.
  if (/^SQLITE_(?:NOTADB|CORRUPT)/.test(code)) return corrupt(file, error.message, error);
  if (/^SQLITE_(?:BUSY|LOCKED|PROTOCOL)/.test(code)) return diskFault('data-busy', file, error);
  if (/^SQLITE_FULL/.test(code)) return diskFault('disk-full', file, error);
  if (code === 'SQLITE_READONLY_DBMOVED') return diskFault('file-missing', file, error);
  if (/^SQLITE_(?:NOMEM|IOERR_NOMEM)/.test(code)) return error;
  if (/^SQLITE_(?:IOERR|NOLFS)/.test(code))
    return diskFault(isFull(file) ? 'disk-full' : (refusalOf(file) ?? 'disk-failing'), file, error);
  // SQLite says only some of its troubles with a full or read-only disk by their names: its shared memory file is one of
  // those that cannot be opened.
  if (/^SQLITE_(?:CANTOPEN|READONLY|PERM|AUTH)/.test(code))
    return diskFault(refusalOf(file) ?? (isFull(file) ? 'disk-full' : 'file-denied'), file, error);
  return error;
}

/** What the system says to whoever wants to write there; null when it lets everybody. SQLite does not pass it on. */
function refusalOf(file: string): DiskTrouble | null {
  for (const path of [dirname(file), file, `${file}-wal`, `${file}-shm`]) {
    try {
      accessSync(path, constants.R_OK | constants.W_OK);
    } catch (error) {
      const trouble = diskTroubleOf(error);
      // Parts that are not there are made.
      if (trouble !== null && trouble !== 'file-missing') return trouble;
    }
  }
  return null;
}

function diskFault(trouble: DiskTrouble, file: string, cause: unknown): Fault {
  const { message, hint } = WORDS[trouble](file, codeOf(cause));
  return new Fault(trouble, message, { hint, details: { path: file, code: codeOf(cause) }, cause });
}

type Words = (file: string, code: string) => { readonly message: string; readonly hint: string };
const WORDS: Readonly<Record<DiskTrouble, Words>> = {
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

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code);
}

function isFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < NO_SPACE_BYTES;
  } catch {
    return false;
  }
}
