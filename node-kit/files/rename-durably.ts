import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostSystem } from '../host-system/index.ts';
import { hasErrno } from './errno-fault.ts';

/**
 * Syncs a closed temporary file, renames it over `path` in the same directory, and syncs the directory (`syncDirectory`).
 * After a kill or a power cut at any moment `path` is the complete old file or the complete new one.
 *
 * ```ts
 * await renameDurably('/data/firmware/7.part', '/data/firmware/9f86d0…');
 * ```
 *
 * Errors: those of the file system. The temporary file is unchanged when an error comes before the rename.
 */
export async function renameDurably(temporaryFile: string, path: string): Promise<void> {
  {
    await using file = await open(temporaryFile, 'r+');
    await file.sync();
  }
  await syncDirectory(dirname(path), () => renameFile(temporaryFile, path));
}

/** Retries with these pauses: on Windows a virus scanner that reads one of the files lets no program rename it. */
const RETRY_AFTER_MS: readonly number[] = [10, 20, 50, 100, 200, 500];

/**
 * Renames a file; on Windows again while another program has it open.
 *
 * @param renameOnce renames, or throws the error of the file system
 */
export async function renameFile(
  from: string,
  to: string,
  isWindows = hostSystem().kind === 'windows',
  renameOnce: (from: string, to: string) => Promise<void> = rename,
): Promise<void> {
  for (const pauseMs of isWindows ? RETRY_AFTER_MS : []) {
    try {
      return await renameOnce(from, to);
    } catch (error) {
      if (!hasErrno(error, 'EPERM', 'EACCES', 'EBUSY')) throw error;
      await sleep(pauseMs);
    }
  }
  return await renameOnce(from, to);
}

/** Synchronous `renameFile`. */
function renameFileSync(from: string, to: string): void {
  for (const pauseMs of hostSystem().kind === 'windows' ? RETRY_AFTER_MS : []) {
    try {
      return renameSync(from, to);
    } catch (error) {
      if (!hasErrno(error, 'EPERM', 'EACCES', 'EBUSY')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
  renameSync(from, to);
}

/** Synchronous `renameDurably`, for small files at the start of a program. */
export function renameDurablySync(temporaryFile: string, path: string): void {
  syncFileSync(temporaryFile);
  syncDirectorySync(dirname(path), () => renameFileSync(temporaryFile, path));
}

/** Makes the content of a file durable. Errors: those of the file system. */
export function syncFileSync(file: string): void {
  const fd = openSync(file, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Makes the entries of a directory durable: new, renamed and removed files. Does nothing on Windows, which does it itself, on
 * file systems that cannot sync a directory, as some network shares, and in a directory that this user may write but not
 * read: there a power cut may undo the change. Errors: those of the file system and of `change`.
 *
 * @param change changes the directory after it was opened, so that an error of opening comes before the change
 */
export async function syncDirectory(dir: string, change?: () => Promise<void>): Promise<void> {
  await using directory = await openDirectory(dir);
  await change?.();
  try {
    await directory?.sync();
  } catch (error) {
    if (!cannotSync(error)) throw error;
  }
}

/** Synchronous `syncDirectory`. */
export function syncDirectorySync(dir: string, change?: () => void): void {
  const fd = openDirectorySync(dir);
  try {
    change?.();
    if (fd !== null) syncDescriptor(fd);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function syncDescriptor(directory: number): void {
  try {
    fsyncSync(directory);
  } catch (error) {
    if (!cannotSync(error)) throw error;
  }
}

/** Null where a directory cannot be opened for a sync. */
async function openDirectory(dir: string): Promise<FileHandle | null> {
  if (hostSystem().kind === 'windows') return null;
  try {
    return await open(dir, 'r');
  } catch (error) {
    if (hasErrno(error, 'EACCES')) return null;
    throw error;
  }
}

/** Synchronous `openDirectory`. */
function openDirectorySync(dir: string): number | null {
  if (hostSystem().kind === 'windows') return null;
  try {
    return openSync(dir, 'r');
  } catch (error) {
    if (hasErrno(error, 'EACCES')) return null;
    throw error;
  }
}

/** `fsync(2)`: the file system does not implement it for this kind of file. */
function cannotSync(error: unknown): boolean {
  return hasErrno(error, 'EINVAL', 'ENOTSUP');
}
