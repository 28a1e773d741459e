import { mkdirSync, rmSync } from 'node:fs';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { raceAbort } from '#node-kit/async/index.ts';
import { DISK_HINTS, fileFaultCodeOf, isDiskFaultCode } from '#node-kit/files/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { Upload } from '#shared/files/index.ts';
import { limitOf, MAX_UPLOAD_BYTES } from './upload-limits.ts';

/** The number of uploads that may wait to be used; one more removes the oldest. */
const MAX_WAITING = 16;
const MAX_WAITING_BYTES = 2 * MAX_UPLOAD_BYTES;
/** An upload that is not used is removed: a file of triples is full of secrets. */
const MAX_UNUSED_MS = 30 * 60_000;
const RESERVE_BYTES = 256 * 1024 * 1024;
/** Folder of older versions. What it holds has no id any more. */
const OLD_FOLDER = 'drops';

interface WaitingUpload {
  readonly path: string;
  /** Removed with it; `null` for a path that was lent. */
  readonly folder: string | null;
  /** What it counts towards the size of all waiting uploads. */
  readonly countedBytes: number;
  /** The user who uploaded it. */
  readonly owner: string;
  readonly timer: NodeJS.Timeout;
}

/** Files that pages have uploaded, until they are used. Ids are valid as long as this process runs. */
export class UploadStore {
  readonly #dir: string;
  readonly #newId: () => string;
  readonly #waiting = new Map<string, WaitingUpload>();
  readonly #closing = new AbortController();
  readonly #receiving = new Set<Promise<unknown>>();

  readonly #maxWaitingBytes: number;

  /**
   * @param newId makes ids that cannot be guessed
   * @param maxWaitingBytes the size of all waiting uploads together that are counted; one more removes the oldest
   */
  constructor(dataDir: string, newId: () => string, maxWaitingBytes = MAX_WAITING_BYTES) {
    this.#maxWaitingBytes = maxWaitingBytes;
    this.#dir = join(dataDir, 'uploads');
    this.#newId = newId;
    rmSync(join(dataDir, OLD_FOLDER), { recursive: true, force: true });
    // The ids of an earlier start are not valid any more.
    this.clear();
  }

  /**
   * Stores a file for its owner, for half an hour at most. `sizeBytes` is the announced size, and the source must have exactly
   * so many bytes; the end of the name determines how large it may be (`limitOf`). Faults: `bad-input` (too large, cut off,
   * longer than announced), `disk-full`, `disk-read-only`, `disk-failing`, the signal's reason, `cancelled` when the station
   * closes; then nothing is stored.
   */
  receive(
    givenName: string,
    sizeBytes: number,
    source: AsyncIterable<Uint8Array>,
    owner: string,
    signal: AbortSignal,
  ): Promise<Upload> {
    const until = AbortSignal.any([signal, this.#closing.signal]);
    const task = this.#receive(givenName, sizeBytes, source, owner, until);
    this.#receiving.add(task);
    const forget = (): void => void this.#receiving.delete(task);
    task.then(forget, forget);
    return task;
  }

  async #receive(
    givenName: string,
    sizeBytes: number,
    source: AsyncIterable<Uint8Array>,
    owner: string,
    signal: AbortSignal,
  ): Promise<Upload> {
    const name = cleanName(givenName);
    throwIfAborted(signal);
    const { maxBytes, what, isCounted } = limitOf(name);
    if (sizeBytes > maxBytes) throw tooLarge(name, maxBytes, what);
    await requireSpace(this.#dir, sizeBytes);
    const fileId = this.#newId();
    const folder = join(this.#dir, fileId);
    const path = join(folder, name);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const received = await write(path, sizeBytes, source, signal);
      if (received !== sizeBytes)
        throw new Fault('bad-input', `${name} was cut off: ${received} of ${sizeBytes} bytes came`, {
          hint: 'Upload it again.',
        });
      const timer = setTimeout(() => this.#remove(fileId), MAX_UNUSED_MS).unref();
      this.#add(fileId, { path, folder, countedBytes: isCounted ? sizeBytes : 0, owner, timer });
      return { fileId, name, sizeBytes };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw asUploadFault(error, name);
    }
  }

  /**
   * The id of a file or folder of this computer that a command beside the station names: it is used as an upload, and is neither
   * copied nor removed.
   */
  lend(path: string, owner: string): string {
    const fileId = this.#newId();
    const timer = setTimeout(() => this.#remove(fileId), MAX_UNUSED_MS).unref();
    this.#add(fileId, { path, folder: null, countedBytes: 0, owner, timer });
    return fileId;
  }

  /**
   * Hands over uploads to work with; disposing of them removes the files. Faults: `not-found`, also for an upload of
   * another user.
   */
  take(fileIds: readonly string[], owner: string): Disposable & { readonly paths: readonly string[] } {
    const taken = fileIds.map((fileId) => this.#find(fileId, owner));
    for (const fileId of fileIds) this.#waiting.delete(fileId);
    return {
      paths: taken.map(({ path }) => path),
      [Symbol.dispose]: () => taken.forEach(removeFiles),
    };
  }

  /** The path of an upload, for a preview before it is taken. Faults: as `take`. */
  pathOf(fileId: string, owner: string): string {
    return this.#find(fileId, owner).path;
  }

  /** Aborts what is being received, waits for its end, and removes every upload. */
  async close(): Promise<void> {
    this.#closing.abort(new Fault('cancelled', 'the station was closed'));
    await Promise.allSettled(this.#receiving);
    this.clear();
  }

  /** Removes every upload. */
  clear(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #find(fileId: string, owner: string): WaitingUpload {
    const upload = this.#waiting.get(fileId);
    if (upload?.owner === owner) return upload;
    throw new Fault('not-found', 'the uploaded file is no longer at the station', {
      hint: 'Upload it again.',
    });
  }

  #add(fileId: string, upload: WaitingUpload): void {
    this.#waiting.set(fileId, upload);
    if (this.#waiting.size > MAX_WAITING) this.#remove([...this.#waiting.keys()][0] ?? '');
    let bytes = [...this.#waiting.values()].reduce((sum, { countedBytes }) => sum + countedBytes, 0);
    for (const [oldest, { countedBytes }] of this.#waiting) {
      if (bytes <= this.#maxWaitingBytes) return;
      if (countedBytes === 0) continue;
      bytes -= countedBytes;
      this.#remove(oldest);
    }
  }

  #remove(fileId: string): void {
    const upload = this.#waiting.get(fileId);
    this.#waiting.delete(fileId);
    if (upload !== undefined) removeFiles(upload);
  }
}

function removeFiles({ folder, timer }: WaitingUpload): void {
  clearTimeout(timer);
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
}

async function write(
  path: string,
  sizeBytes: number,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<number> {
  let received = 0;
  await using file = await open(path, 'wx', 0o600);
  const chunks = source[Symbol.asyncIterator]();
  for (;;) {
    // A source that sends nothing more must not keep the station from closing.
    const { done, value: chunk } = await raceAbort(chunks.next(), signal);
    if (done === true) return received;
    received += chunk.length;
    if (received > sizeBytes)
      throw new Fault('bad-input', 'the file is longer than was announced', { hint: 'Upload it again.' });
    for (let offset = 0; offset < chunk.length;) offset += (await file.write(chunk, offset)).bytesWritten;
  }
}

async function requireSpace(dir: string, sizeBytes: number): Promise<void> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(dir);
  if (bavail * bsize < sizeBytes + RESERVE_BYTES) throw diskFull();
}

/** The name of a file without folders and control characters, and short enough for every file system. */
function cleanName(given: string): string {
  const base = given.split(/[/\\]/).at(-1) ?? '';
  const clean = base.replace(/[\p{C}<>:"|?*]/gu, '_').replace(/^\.+/, '');
  return clean === '' ? 'upload' : clean.slice(-80);
}

function asUploadFault(error: unknown, name: string): unknown {
  if (error instanceof Fault) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const faultCode = fileFaultCodeOf(error);
  if (faultCode === 'disk-full') return diskFull();
  if (isDiskFaultCode(faultCode))
    return new Fault(faultCode, 'the disk of the station cannot store the file', {
      hint: DISK_HINTS[faultCode],
      cause: error,
    });
  if (code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET' && code !== 'ABORT_ERR') return error;
  return new Fault('bad-input', `${name} was cut off`, { hint: 'Upload it again.', cause: error });
}

function tooLarge(name: string, maxBytes: number, what: string): Fault {
  return new Fault('bad-input', `${name} is larger than ${maxBytes} bytes`, {
    hint: `A file of this size is not ${what}.`,
  });
}

function diskFull(): Fault {
  return new Fault('disk-full', 'there is no space for this file on the disk of the station', {
    hint: 'Free space on this disk and upload it again.',
  });
}
