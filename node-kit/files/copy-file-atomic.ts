import { createReadStream, lstatSync } from 'node:fs';
import { Fault } from '#shared/domain/fault.ts';
import { asFileFault } from './errno-fault.ts';
import { writeFileAtomic, type WriteOptions } from './write-file-atomic.ts';

/**
 * Copies a file with `writeFileAtomic`: after any failure or kill `to` is as before, or the complete copy. Returns its length in bytes.
 *
 * ```ts
 * await copyFileAtomic(contents.pathOf(sha256), '/home/li/plate.jpg', { isNew: true });
 * ```
 *
 * Faults: those of `writeFileAtomic`; `file-missing`, `file-denied`, `disk-failing` of the file that is read; `file-denied` when `to`
 * exists and is to be new. Errors: those of writing.
 */
export async function copyFileAtomic(
  from: string,
  to: string,
  { isNew = false, ...options }: WriteOptions & { readonly isNew?: boolean } = {},
): Promise<number> {
  if (isNew && lstatSync(to, { throwIfNoEntry: false }) !== undefined)
    throw new Fault('file-denied', `${to} exists already`, { hint: 'Name another file.' });
  return writeFileAtomic(to, piecesOf(from), options);
}

async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Buffer>;
  } catch (error) {
    throw asFileFault(error, path, 'read');
  }
}
