import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat, utimes } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { publishFile } from '#node-kit/files/index.ts';
import { PACKED, PLAIN } from './recording-file.ts';

/** What a file is called while it is being packed. */
export const PACKING = `${PACKED}.part`;

/**
 * Packs a recording that is written no more, and takes the plain file away when the packed one is whole on the disk;
 * returns its size. Killed anywhere, one of the two is there. Faults: those of the file system, and the plain file is
 * as it was.
 */
export async function packRecording(file: string, signal: AbortSignal): Promise<number> {
  const base = file.slice(0, -PLAIN.length);
  const { atime, mtime } = await stat(file);
  try {
    await pipeline(createReadStream(file), createGzip(), createWriteStream(base + PACKING, { mode: 0o600 }), {
      signal,
    });
    // Its age is the run's, not that of its packing.
    await utimes(base + PACKING, atime, mtime);
    await publishFile(base + PACKING, base + PACKED);
  } catch (error) {
    await rm(base + PACKING, { force: true });
    throw error;
  }
  await rm(file);
  return (await stat(base + PACKED)).size;
}
