import { mkdirSync, rmSync } from 'node:fs';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DISK_HINTS, fileFaultCodeOf, isDiskFaultCode } from '#node-kit/files/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { MAX_FIRMWARE_BYTES } from '#shared/domain/firmware.ts';

/** The largest thing that is ever dropped is a firmware package: its content, and what its archive adds. */
export const MAX_UPLOAD_BYTES = MAX_FIRMWARE_BYTES + 16 * 1024 * 1024;
/** So many dropped files may wait to be used; the one that has waited longest goes when another comes. */
const MAX_WAITING = 16;
/** Together they may be so large. */
const MAX_WAITING_BYTES = 2 * MAX_UPLOAD_BYTES;
/** What nobody has used by then nobody wants; a file of triples is full of secrets. */
const KEEP_MS = 30 * 60_000;
const RESERVE_BYTES = 256 * 1024 * 1024;

export interface Upload {
  readonly fileId: string;
  /** As the page called it, without anything that is not a name. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** Where hosts put what pages bring. Ids live as long as this process. */
export interface UploadStore {
  /**
   * Keeps a file until it is taken, half an hour at most, for its owner alone. `sizeBytes` is what was announced, and exactly that must come.
   * Faults: `bad-input` (too large, cut off, longer than announced), `disk-full`, the signal's reason; then nothing stays.
   */
  receive(
    name: string,
    sizeBytes: number,
    source: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
    owner: string,
  ): Promise<Upload>;
  /**
   * Takes files to work with; dispose when done with them, they are gone then. Faults: `not-found`, also for what
   * somebody else has brought: whether there is such a file is nobody else's business.
   */
  take(fileIds: readonly string[], owner: string): Disposable & { readonly paths: readonly string[] };
  /** Where a file is, without taking it: to look at before it is decided what becomes of it. Faults: as `take`. */
  peek(fileId: string, owner: string): string;
  /** Throws everything away. */
  clear(): void;
}

interface Waiting {
  readonly path: string;
  readonly folder: string;
  readonly sizeBytes: number;
  /** Who has brought it. */
  readonly owner: string;
  readonly timer: NodeJS.Timeout;
}

/** @param newId makes ids that cannot be guessed. */
export function createUploadStore(dataDir: string, newId: () => string): UploadStore {
  const dir = join(dataDir, 'uploads');
  const waiting = new Map<string, Waiting>();
  const remove = ({ folder, timer }: Waiting): void => {
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
  };
  const forget = (fileId: string): void => {
    const old = waiting.get(fileId);
    waiting.delete(fileId);
    if (old !== undefined) remove(old);
  };
  const admit = (fileId: string, one: Waiting): void => {
    waiting.set(fileId, one);
    for (const oldest of waiting.keys()) {
      const bytes = [...waiting.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      if (waiting.size <= MAX_WAITING && bytes <= MAX_WAITING_BYTES) break;
      forget(oldest);
    }
  };
  const clear = (): void => {
    for (const { timer } of waiting.values()) clearTimeout(timer);
    waiting.clear();
    rmSync(dir, { recursive: true, force: true });
  };
  const find = (fileId: string, owner: string): Waiting => {
    const found = waiting.get(fileId);
    if (found?.owner === owner) return found;
    throw new Fault('not-found', 'the dropped file is not here any more', { hint: 'Drop it again.' });
  };
  // What was dropped before a restart has no id any more.
  clear();

  return {
    async receive(given, sizeBytes, source, signal, owner) {
      const name = cleanName(given);
      if (sizeBytes > MAX_UPLOAD_BYTES) throw tooLarge(name);
      await requireRoom(dir, sizeBytes);
      const fileId = newId();
      const folder = join(dir, fileId);
      const path = join(folder, name);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const received = await write(path, sizeBytes, source, signal);
        if (received !== sizeBytes) {
          throw new Fault('bad-input', `${name} was cut off: ${received} of ${sizeBytes} bytes came`, {
            hint: 'Drop it again.',
          });
        }
        admit(fileId, { path, folder, sizeBytes, owner, timer: setTimeout(forget, KEEP_MS, fileId).unref() });
        return { fileId, name, sizeBytes };
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw asDropFault(error, name);
      }
    },
    take(fileIds, owner) {
      const taken = fileIds.map((fileId) => find(fileId, owner));
      for (const fileId of fileIds) waiting.delete(fileId);
      return {
        paths: taken.map(({ path }) => path),
        [Symbol.dispose]: () => taken.forEach(remove),
      };
    },
    peek: (fileId, owner) => find(fileId, owner).path,
    clear,
  };
}

async function write(
  path: string,
  sizeBytes: number,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<number> {
  let received = 0;
  await using file = await open(path, 'wx', 0o600);
  for await (const chunk of source) {
    throwIfAborted(signal);
    received += chunk.length;
    if (received > sizeBytes)
      throw new Fault('bad-input', 'more came than was announced', { hint: 'Drop it again.' });
    for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten;
  }
  return received;
}

async function requireRoom(dir: string, sizeBytes: number): Promise<void> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(dir);
  if (bavail * bsize < sizeBytes + RESERVE_BYTES) throw diskFull();
}

/** A file's name and nothing else: no folders, no control characters, no length that a file system refuses. */
function cleanName(given: string): string {
  const base = given.split(/[/\\]/).at(-1) ?? '';
  const clean = base.replace(/[\p{C}<>:"|?*]/gu, '_').replace(/^\.+/, '');
  return clean === '' ? 'dropped' : clean.slice(-80);
}

function asDropFault(error: unknown, name: string): unknown {
  if (error instanceof Fault) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const trouble = fileFaultCodeOf(error);
  if (trouble === 'disk-full') return diskFull();
  if (isDiskFaultCode(trouble))
    return new Fault(trouble, 'the disk of the station takes no file', {
      hint: DISK_HINTS[trouble],
      cause: error,
    });
  if (code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET' && code !== 'ABORT_ERR') return error;
  return new Fault('bad-input', `${name} was cut off`, { hint: 'Drop it again.', cause: error });
}

function tooLarge(name: string): Fault {
  return new Fault('bad-input', `${name} is larger than ${MAX_UPLOAD_BYTES} bytes`, {
    hint: 'A file of this size is not a firmware package.',
  });
}

function diskFull(): Fault {
  return new Fault('disk-full', 'there is no room for this file on the disk of the station', {
    hint: 'Free space on this disk and drop it again.',
  });
}
