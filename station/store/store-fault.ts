import Database from 'better-sqlite3';
import { Fault } from '#shared/domain/fault.ts';

export function corrupt(file: string, why: string, cause?: unknown): Fault {
  return new Fault('database-corrupt', `${file} is not a healthy station database: ${why}`, {
    hint: 'Stop working here, keep the file, and let support restore the last backup.',
    cause,
  });
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
  if (code === 'ENOSPC') return diskFull(file, error);
  if (/^(?:EACCES|EPERM|EROFS|ENOTDIR|EISDIR|EEXIST|ENOENT)$|^SQLITE_(?:CANTOPEN|READONLY|PERM)/.test(code)) {
    return new Fault('file-denied', `${file} cannot be opened for writing`, {
      hint: 'Give this user write permission on the data directory.',
      cause: error,
    });
  }
  if (code.startsWith('SQLITE_IOERR')) return corrupt(file, 'the disk reports an error', error);
  return error;
}

function diskFull(file: string, cause: unknown): Fault {
  return new Fault('disk-full', `no space left on the disk of ${file}`, {
    hint: 'Free space on this disk; nothing that was recorded is lost.',
    cause,
  });
}
