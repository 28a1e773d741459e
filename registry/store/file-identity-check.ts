import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RegistryError } from '../registry-error.ts';
import { SERVICE_LOCK } from './service-lock.ts';

/** Compares the files of the database with those that were opened. */
export interface FileIdentityCheck {
  /** Errors: `storage-lost` when a file was deleted or replaced. */
  require(): void;
}

/**
 * SQLite continues to write to a file that was deleted, moved or replaced, and these writes are lost with the process. Device
 * and inode are compared of the database, of its write-ahead log (which exists from the first write to the close), and of the
 * service's lock, whose loss would let a second registry start.
 */
export function createFileIdentityCheck(file: string): FileIdentityCheck {
  const opened = identityOf(file);
  const log = `${file}-wal`;
  let openedLog = identityOf(log);
  const lock = join(dirname(file), SERVICE_LOCK);
  const openedLock = identityOf(lock);
  return {
    require() {
      const now = identityOf(file);
      if (now === null) throw storageLost(`${file} was deleted`);
      if (now !== opened) throw storageLost(`${file} was replaced`);
      const nowLog = identityOf(log);
      openedLog ??= nowLog;
      if (nowLog !== openedLog) throw storageLost(`${log} was deleted or replaced`);
      if (openedLock !== null && identityOf(lock) !== openedLock)
        throw storageLost(`${lock} was deleted, and another registry may run on this directory`);
    },
  };
}

/** Null without a readable file. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return null;
  }
}

function storageLost(reason: string): RegistryError {
  return new RegistryError(
    'storage-lost',
    `the registry cannot store anything: ${reason}`,
    'Stop the registry, put its data directory back (from the last backup, then "registry restored"), and start it again. Stations keep their messages.',
  );
}
