import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat, utimes } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { renameDurably } from '#node-kit/files/index.ts';
import { PACKED, PLAIN } from './recording-files.ts';

/** End of the name of a packed file that is being written. */
export const PARTIAL = `${PACKED}.part`;

/**
 * Packs a complete recording and removes the plain file when the packed one is on the disk; returns its size in bytes.
 * After a crash one of the two files exists. On an error of the file system the plain file stays.
 */
export async function packRecording(file: string, signal: AbortSignal): Promise<number> {
  const base = file.slice(0, -PLAIN.length);
  const { atime, mtime } = await stat(file);
  try {
    await pipeline(createReadStream(file), createGzip(), createWriteStream(base + PARTIAL, { mode: 0o600 }), {
      signal,
    });
    // The time of the file stays that of the run.
    await utimes(base + PARTIAL, atime, mtime);
    await renameDurably(base + PARTIAL, base + PACKED);
  } catch (error) {
    await rm(base + PARTIAL, { force: true });
    throw error;
  }
  await rm(file);
  return (await stat(base + PACKED)).size;
}
