import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasErrno } from './errno-fault.ts';

/**
 * Syncs a closed temporary file, renames it over `path` in the same directory, and syncs the directory. After a kill or a
 * power cut at any moment `path` is the complete old file or the complete new one.
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
  await rename(temporaryFile, path);
  await syncDirectory(dirname(path));
}

/** Synchronous `renameDurably`, for small files at the start of a program. */
export function renameDurablySync(temporaryFile: string, path: string): void {
  syncFileSync(temporaryFile);
  renameSync(temporaryFile, path);
  syncDirectorySync(dirname(path));
}

/** Makes the content of a file durable. Errors: those of the file system. */
export function syncFileSync(file: string): void {
  syncSync(file, 'r+');
}

/**
 * Makes the entries of a directory durable: new, renamed and removed files. Does nothing on Windows, which does it itself, and
 * on file systems that cannot sync a directory, as some network shares. Errors: those of the file system.
 */
export async function syncDirectory(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using directory = await open(dir, 'r');
  try {
    await directory.sync();
  } catch (error) {
    if (!cannotSync(error)) throw error;
  }
}

/** Synchronous `syncDirectory`. */
export function syncDirectorySync(dir: string): void {
  if (process.platform === 'win32') return;
  try {
    syncSync(dir, 'r');
  } catch (error) {
    if (!cannotSync(error)) throw error;
  }
}

/** `fsync(2)`: the file system does not implement it for this kind of file. */
function cannotSync(error: unknown): boolean {
  return hasErrno(error, 'EINVAL', 'ENOTSUP');
}

function syncSync(path: string, flags: 'r' | 'r+'): void {
  const fd = openSync(path, flags);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
