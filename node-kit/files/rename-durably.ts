import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Gives a finished file its name, so that after any kill or power cut `path` is the old file or the new one, and whole:
 * the draft is synced, renamed over `path`, and the folder is synced. Draft and path are in the same folder, and the draft
 * is closed.
 *
 * ```ts
 * await renameDurably('/data/firmware/7.part', '/data/firmware/9f86d0…');
 * ```
 *
 * Faults: those of the file system, as Node throws them; before the rename the draft is as it was.
 */
export async function renameDurably(temporaryFile: string, path: string): Promise<void> {
  {
    await using file = await open(temporaryFile, 'r+');
    await file.sync();
  }
  await rename(temporaryFile, path);
  await syncFolder(dirname(path));
}

/** As `renameDurably`, before it returns: for small files at start, and where nothing else is under way. */
export function renameDurablySync(temporaryFile: string, path: string): void {
  syncFileSync(temporaryFile);
  renameSync(temporaryFile, path);
  syncFolderSync(dirname(path));
}

/** Makes the content of a file durable. Faults: those of the file system, as Node throws them. */
export function syncFileSync(file: string): void {
  syncSync(file, 'r+');
}

/** Makes the names in a folder durable: those that were made, renamed and removed. Windows does so by itself. */
export async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using folder = await open(dir, 'r');
  await folder.sync();
}

/** As `syncFolder`, before it returns. */
export function syncFolderSync(dir: string): void {
  if (process.platform !== 'win32') syncSync(dir, 'r');
}

function syncSync(path: string, flags: 'r' | 'r+'): void {
  const fd = openSync(path, flags);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
