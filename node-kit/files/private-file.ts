import { randomUUID } from 'node:crypto';
import { closeSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasErrno } from './errno-fault.ts';
import { syncFileSync, syncDirectorySync } from './rename-durably.ts';
import { TEMPORARY_ENDING } from './leftovers.ts';

/**
 * Reads a file of mode 0600, or creates it with the content of `create`. The content is written and synced under another
 * name and then linked, so that two processes that start at the same time return the same complete content. The permissions
 * of an existing file are not checked.
 *
 * ```ts
 * const key = readOrCreatePrivateFile('/data/flash.key', () => randomBytes(32));
 * ```
 *
 * Errors: those of the file system.
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
    syncDirectorySync(dirname(path), () => linkSync(temporaryFile, path));
  } catch (error) {
    // Another process created the file first: its content is returned.
    if (!hasErrno(error, 'EEXIST')) throw error;
  } finally {
    rmSync(temporaryFile, { force: true });
  }
  return readFileSync(path);
}

/** The content of a file; null when it does not exist. Errors: those of the file system except ENOENT. */
export function readFileIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return null;
    throw error;
  }
}
