import { readdirSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
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

/** What SQLite or the file system says, as a fault of the closed list; anything unknown passes through. */
export function asStoreFault(error: unknown, file: string): unknown {
  if (error instanceof Fault) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return error;
  if (error instanceof Database.SqliteError) {
    if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))
      return corrupt(file, error.message, error);
    if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
      return new Fault('data-busy', `${file} is in use by another process`, {
        hint: 'Close the other Gongwei on this computer, or name another directory with --data.',
        cause: error,
      });
    }
    if (code === 'SQLITE_FULL') return diskFull(file, error);
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(file, error);
  if (/^(?:EACCES|EPERM|EROFS|ENOTDIR|EISDIR|EEXIST|ENOENT)$|^SQLITE_(?:CANTOPEN|READONLY|PERM)/.test(code)) {
    return new Fault('file-denied', `${file} cannot be opened for writing`, {
      hint: 'Give this user write permission on the data directory.',
      cause: error,
    });
  }
  // SQLite says only some of its troubles with a full disk by that name: its shared memory file is not one of them.
  if (code.startsWith('SQLITE_IOERR'))
    return isFull(file) ? diskFull(file, error) : corrupt(file, 'the disk reports an error', error);
  return error;
}

function isFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < NO_SPACE_BYTES;
  } catch {
    return false;
  }
}

function diskFull(file: string, cause: unknown): Fault {
  return new Fault('disk-full', `no space left on the disk of ${file}`, {
    hint: 'Free space on this disk; nothing that was recorded is lost.',
    cause,
  });
}
