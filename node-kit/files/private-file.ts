import { randomUUID } from 'node:crypto';
import { closeSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasErrno } from './errno-fault.ts';
import { syncFileSync, syncFolderSync } from './rename-durably.ts';
import { TEMPORARY_ENDING } from './write-file-atomic.ts';

/**
 * The content of a file that only its owner reads (mode 0600), made by `create` when there is none. It is written and
 * synced under another name and then linked into place, so that of two processes that start together both end with the
 * content of one, whole.
 *
 * ```ts
 * const key = readOrCreatePrivateFile('/data/flash.key', () => randomBytes(32));
 * ```
 *
 * Faults: those of the file system, as Node throws them. The rights of a file that is there are not looked at.
 */
export function readOrCreatePrivateFile(path: string, create: () => string | Uint8Array): Buffer {
  const existing = readFileIfThere(path);
  if (existing !== null) return existing;
  const temporaryFile = `${path}.${randomUUID()}${TEMPORARY_ENDING}`;
  try {
    const fd = openSync(temporaryFile, 'wx', 0o600);
    try {
      writeFileSync(fd, create());
    } finally {
      closeSync(fd);
    }
    syncFileSync(temporaryFile);
    linkSync(temporaryFile, path);
    syncFolderSync(dirname(path));
  } catch (error) {
    // Another process was faster: then its content counts.
    if (!hasErrno(error, 'EEXIST')) throw error;
  } finally {
    rmSync(temporaryFile, { force: true });
  }
  return readFileSync(path);
}

/** The content of a file, or null when there is none. Faults: those of the file system but ENOENT, as Node throws them. */
export function readFileIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return null;
    throw error;
  }
}
