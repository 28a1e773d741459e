import { randomUUID } from 'node:crypto';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { renameDurably, renameDurablySync } from './rename-durably.ts';

/** The ending of an incomplete file. */
export const TEMPORARY_ENDING = '.part';

const CHUNK_CHARACTERS = 128 * 1024;

export type FileContent = string | Uint8Array | AsyncIterable<string>;

export interface WriteOptions {
  /** Rights of the file, before the umask. */
  readonly mode?: number;
  /**
   * Path of the unfinished file, in the same folder. Its own for each call when left out. Name one where a path has a
   * single writer: then a writer that was killed leaves one draft, which the next one replaces.
   */
  readonly temporaryFile?: string;
  /** Checked before the file gets its name. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a file whole or not at all: after any failure, kill or power cut a reader finds all of the old content or all of
 * the new. A draft beside it is written, synced, renamed over the file, and the folder is synced. Text as UTF-8; what
 * comes piece by piece is never in memory as a whole. Returns the length in bytes.
 *
 * ```ts
 * const bytes = await writeFileAtomic('/data/labels/17.svg', drawing, { mode: 0o600 });
 * ```
 *
 * Faults: the signal's reason, or `cancelled`; those of the content; those of the file system as Node throws them
 * (`asFileFault` makes faults of them). The draft is removed then.
 */
export async function writeFileAtomic(
  path: string,
  content: FileContent,
  { mode = 0o644, temporaryFile = `${path}.${randomUUID()}${TEMPORARY_ENDING}`, signal }: WriteOptions = {},
): Promise<number> {
  removeQuietly(temporaryFile);
  try {
    const bytes = await writeContent(temporaryFile, content, mode);
    if (signal !== undefined) throwIfAborted(signal);
    await renameDurably(temporaryFile, path);
    return bytes;
  } catch (error) {
    removeQuietly(temporaryFile);
    throw error;
  }
}

/**
 * As `writeFileAtomic`, before it returns: for what may not be interrupted, such as the rows of a database while they are
 * read. Returns the length in bytes.
 *
 * ```ts
 * writeFileAtomicSync('/data/outbox.jsonl', linesOf(store));
 * ```
 *
 * Faults: those of the content; those of the file system as Node throws them. The draft is removed then.
 */
export function writeFileAtomicSync(path: string, pieces: Iterable<string>, mode = 0o644): number {
  const temporaryFile = `${path}.${randomUUID()}${TEMPORARY_ENDING}`;
  try {
    let bytes = 0;
    const fd = openSync(temporaryFile, 'wx', mode);
    try {
      for (const piece of pieces) {
        const chunk = Buffer.from(piece);
        bytes += chunk.length;
        writeFileSync(fd, chunk);
      }
    } finally {
      closeSync(fd);
    }
    renameDurablySync(temporaryFile, path);
    return bytes;
  } catch (error) {
    removeQuietly(temporaryFile);
    throw error;
  }
}

/** Ignores errors, which would hide the error that led to the clean-up. */
function removeQuietly(temporaryFile: string): void {
  try {
    rmSync(temporaryFile, { force: true });
  } catch {
    // The next use of the path reports it.
  }
}

async function writeContent(temporaryFile: string, content: FileContent, mode: number): Promise<number> {
  await using file = await open(temporaryFile, 'wx', mode);
  if (typeof content !== 'string' && !(content instanceof Uint8Array))
    return await writePieces(file, content);
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  await file.writeFile(bytes);
  return bytes.length;
}

async function writePieces(file: FileHandle, pieces: AsyncIterable<string>): Promise<number> {
  let bytes = 0;
  let pending: string[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    const chunk = Buffer.from(pending.join(''));
    [pending, length] = [[], 0];
    bytes += chunk.length;
    // `write` may write only a part; `writeFile` on a handle writes all of it.
    await file.writeFile(chunk);
  };
  for await (const piece of pieces) {
    pending.push(piece);
    length += piece.length;
    if (length >= CHUNK_CHARACTERS) await flush();
  }
  await flush();
  return bytes;
}
