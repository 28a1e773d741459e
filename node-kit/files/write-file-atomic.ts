import { randomUUID } from 'node:crypto';
import { closeSync, lstatSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { removeLeftovers, TEMPORARY_ENDING } from './leftovers.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { renameDurably, renameDurablySync } from './rename-durably.ts';

const BUFFER_BYTES = 256 * 1024;

/** Bytes between two syncs of content that comes in pieces: a sync of another file may wait for all that are not on the disk. */
const SYNC_BYTES = 16 * 1024 * 1024;

/** A piece of bytes belongs to the writer once it was given: it may be written later. */
export type FileContent = string | Uint8Array | AsyncIterable<string | Uint8Array>;

export interface WriteOptions {
  /** Permissions of the file, before the umask. */
  readonly mode?: number;
  /**
   * Path of the temporary file, in the same directory. Default: a new one for each call. Give a fixed path where a file has
   * a single writer: a writer that was killed then leaves one temporary file, which the next writer replaces.
   */
  readonly temporaryFile?: string;
  /** Also removes what killed writers of this path left more than a day ago. For a folder that no start of a station cleans up. */
  readonly removeLeftovers?: boolean;
  /** Checked before the rename. */
  readonly signal?: AbortSignal;
  /** Called with each part of content that comes in pieces, in the order of the file. */
  readonly onChunk?: (chunk: Uint8Array) => void;
  /** Called when the temporary file is complete, with its length in bytes. When it throws, nothing is renamed. */
  readonly beforeRename?: (bytes: number) => Promise<void>;
}

/**
 * Writes a file atomically: after any failure, kill or power cut a reader finds the complete old content or the complete new
 * one. Writes a temporary file and renames it with `renameDurably`. Text is encoded as UTF-8; content that comes in pieces is
 * never in memory as a whole. Returns the length in bytes.
 *
 * ```ts
 * const bytes = await writeFileAtomic('/data/labels/17.svg', drawing, { mode: 0o600 });
 * ```
 *
 * Faults: `file-denied` when `path` is a folder, a link, a device, a pipe or a socket, which is not replaced; the signal's reason, or
 * `cancelled`; those of the content. Errors: those of the file system (`asFileFault` converts them). After a failure the
 * temporary file is removed.
 */
export async function writeFileAtomic(
  path: string,
  content: FileContent,
  options: WriteOptions = {},
): Promise<number> {
  const { mode = 0o644, temporaryFile = `${path}.${randomUUID()}${TEMPORARY_ENDING}`, signal } = options;
  requireReplaceable(path);
  removeQuietly(temporaryFile);
  try {
    const bytes = await writeContent(temporaryFile, content, mode, options.onChunk);
    if (options.removeLeftovers === true) await removeLeftovers(path, temporaryFile);
    if (signal !== undefined) throwIfAborted(signal);
    await options.beforeRename?.(bytes);
    await renameDurably(temporaryFile, path);
    return bytes;
  } catch (error) {
    removeQuietly(temporaryFile);
    throw error;
  }
}

/**
 * Synchronous `writeFileAtomic`, for content that is read from a database with an open cursor. Returns the length in bytes.
 *
 * ```ts
 * writeFileAtomicSync('/data/outbox.jsonl', linesOf(store));
 * ```
 *
 * Faults: `file-denied` as of `writeFileAtomic`; those of the content. Errors: those of the file system. After a failure the
 * temporary file is removed.
 */
export function writeFileAtomicSync(path: string, pieces: Iterable<string>, mode = 0o644): number {
  requireReplaceable(path);
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

/**
 * A user with the rights of root could otherwise replace `/dev/null` or `/dev/stdout` by a file. A folder is refused before the
 * content is made; each system has another error for it.
 */
function requireReplaceable(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return;
  if (found.isDirectory()) {
    throw new Fault('file-denied', `${path} is a folder`, { hint: 'Name a file in it, or another one.' });
  }
  throw new Fault('file-denied', `${path} is not a regular file and is not replaced`, {
    hint: 'Name a new file or a regular one: not a link, a device, a pipe or a socket.',
  });
}

/** Ignores errors, because they would hide the error before the clean-up. */
function removeQuietly(temporaryFile: string): void {
  try {
    rmSync(temporaryFile, { force: true });
  } catch {
    // The next use of the path reports it.
  }
}

async function writeContent(
  temporaryFile: string,
  content: FileContent,
  mode: number,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<number> {
  await using file = await open(temporaryFile, 'wx', mode);
  if (typeof content !== 'string' && !(content instanceof Uint8Array))
    return await writePieces(file, content, onChunk);
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  await file.writeFile(bytes);
  return bytes.length;
}

/** While one buffer is written, the other one is filled. Nothing else is allocated for text, so that little is left to collect. */
async function writePieces(
  file: FileHandle,
  pieces: AsyncIterable<string | Uint8Array>,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<number> {
  let [filling, other] = [Buffer.allocUnsafe(BUFFER_BYTES), Buffer.allocUnsafe(BUFFER_BYTES)];
  let used = 0;
  let bytes = 0;
  let writing: Promise<void> = Promise.resolve();
  let unsyncedBytes = 0;
  const writeOne = async (chunk: Uint8Array): Promise<void> => {
    // `write` may write only a part; `writeFile` on a handle writes all of it.
    await file.writeFile(chunk);
    unsyncedBytes += chunk.length;
    if (unsyncedBytes < SYNC_BYTES) return;
    unsyncedBytes = 0;
    await file.datasync();
  };
  const write = async (chunk: Uint8Array): Promise<void> => {
    bytes += chunk.length;
    onChunk?.(chunk);
    await writing;
    writing = writeOne(chunk);
    // The error is that of the next `await`, which may come after a pause.
    writing.catch(() => undefined);
  };
  const flush = async (): Promise<void> => {
    if (used === 0) return;
    await write(filling.subarray(0, used));
    [filling, other] = [other, filling];
    used = 0;
  };
  try {
    for await (const piece of pieces) {
      if (typeof piece !== 'string') {
        await flush();
        await write(piece);
        continue;
      }
      // A character takes three bytes at most; a pair of two takes four.
      if (used + piece.length * 3 > BUFFER_BYTES) await flush();
      if (piece.length * 3 > BUFFER_BYTES) await write(Buffer.from(piece));
      else used += filling.write(piece, used);
    }
    await flush();
  } finally {
    await writing;
  }
  return bytes;
}
