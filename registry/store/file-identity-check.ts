import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RegistryError } from '../registry-error.ts';
import { SERVICE_LOCK } from './service-lock.ts';

/** Knows whether what is written still lies where it was opened. */
export interface OnDisk {
  /** Faults (RegistryError): `storage-lost` when the file is gone, or another one lies there. */
  require(): void;
}

/**
 * SQLite goes on writing into a file that was deleted, moved or replaced, and all of it is gone with the process. Compared
 * are device and inode of the database, of its log of writes, which is there from the first write to the close, and of the
 * service's lock: without it a second registry would come in.
 */
export function watchOnDisk(file: string): OnDisk {
  const opened = identityOf(file);
  const log = `${file}-wal`;
  let openedLog = identityOf(log);
  const lock = join(dirname(file), SERVICE_LOCK);
  const openedLock = identityOf(lock);
  return {
    require() {
      const now = identityOf(file);
      if (now === null) throw lost(`${file} is gone`);
      if (now !== opened) throw lost(`${file} is not the file that was opened`);
      const nowLog = identityOf(log);
      openedLog ??= nowLog;
      if (nowLog !== openedLog) throw lost(`${log} is gone, or not the file that was opened`);
      if (openedLock !== null && identityOf(lock) !== openedLock)
        throw lost(`${lock} is gone, and another registry may be at work here`);
    },
  };
}

/** Null when there is nothing, or nothing that can be reached. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return null;
  }
}

function lost(what: string): RegistryError {
  return new RegistryError(
    'storage-lost',
    `the registry cannot keep anything: ${what}`,
    'Stop the registry, put its data directory back (from the last backup, then "registry restored"), and start it again. Stations keep what they have to tell.',
  );
}
