import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { type FileHandle, mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { asFileFault, fileFaultCodeOf, renameDurably } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** Space that these files leave free for the ledger: a full disk stops production. */
const RESERVED_BYTES = 256 * 1024 * 1024;
const TEMPORARY_ENDING = '.part';

/** A content that is being written. Disposing deletes it unless it was committed. */
export interface TemporaryContent extends AsyncDisposable {
  /** Faults: `disk-full`, `disk-read-only`, `disk-failing`, `file-denied`. */
  write(chunk: Uint8Array): Promise<void>;
  /** Renames it durably to its SHA-256. Faults: those of `write`. */
  commit(sha256: string): Promise<void>;
}

/** What the files of a store are, for its faults. */
export interface ContentKind {
  /** Folder in the data directory. */
  readonly folder: string;
  /** As the end of "there is no space for 3 MiB of …". */
  readonly what: string;
  /** What a person can do when the disk is full. */
  readonly hintFull: string;
}

/** Contents by their SHA-256, one file each, in a folder of the data directory. */
export interface ContentStore {
  pathOf(sha256: string): string;
  /** Begins a content of the given size. Faults: those of `TemporaryContent.write`. */
  begin(id: string, sizeBytes: number): Promise<TemporaryContent>;
  /**
   * Deletes temporary files, and contents without a record, of interrupted imports.
   * @param isRecorded true for contents with a record
   */
  sweep(isRecorded: (sha256: string) => boolean): void;
}

export function createContentStore(dataDir: string, kind: ContentKind): ContentStore {
  const dir = join(dataDir, kind.folder);
  const pathOf = (sha256: string): string => join(dir, sha256);
  return {
    pathOf,
    async begin(id, sizeBytes) {
      const path = join(dir, `${id}${TEMPORARY_ENDING}`);
      try {
        await mkdir(dir, { recursive: true, mode: 0o700 });
        const { bavail, bsize } = await statfs(dir);
        if (bavail * bsize < sizeBytes + RESERVED_BYTES) throw diskFull(kind, dir, sizeBytes);
        return createTemporaryContent(path, await open(path, 'wx', 0o600));
      } catch (error) {
        throw asWriteFault(error, kind, dir, sizeBytes);
      }

      function createTemporaryContent(temporaryPath: string, handle: FileHandle): TemporaryContent {
        let committed = false;
        return {
          async write(chunk) {
            try {
              await writeWhole(handle, chunk);
            } catch (error) {
              throw asWriteFault(error, kind, dir, sizeBytes);
            }
          },
          async commit(sha256) {
            try {
              await handle.close();
              // An existing file of this name has the same content; the new one was verified.
              await renameDurably(temporaryPath, pathOf(sha256));
              committed = true;
            } catch (error) {
              throw asWriteFault(error, kind, dir, sizeBytes);
            }
          },
          async [Symbol.asyncDispose]() {
            if (committed) return;
            await handle.close().catch(() => undefined);
            await rm(temporaryPath, { force: true });
          },
        };
      }
    },
    sweep(isRecorded) {
      mkdirSync(dir, { recursive: true });
      for (const name of readdirSync(dir)) {
        const isOrphan =
          name.endsWith(TEMPORARY_ENDING) || (/^[0-9a-f]{64}$/.test(name) && !isRecorded(name));
        if (isOrphan) rmSync(join(dir, name), { force: true });
      }
    },
  };
}

async function writeWhole(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length;) offset += (await handle.write(chunk, offset)).bytesWritten;
}

function diskFull(kind: ContentKind, dir: string, sizeBytes: number, cause?: unknown): Fault {
  return new Fault(
    'disk-full',
    `there is no space for ${mebibytes(sizeBytes)} of ${kind.what} on the disk of ${dir}, of which ${mebibytes(RESERVED_BYTES)} stay free for the records`,
    { hint: kind.hintFull, cause },
  );
}

function asWriteFault(error: unknown, kind: ContentKind, dir: string, sizeBytes: number): unknown {
  if (error instanceof Fault) return error;
  if (fileFaultCodeOf(error) === 'disk-full') return diskFull(kind, dir, sizeBytes, error);
  return asFileFault(error, dir, 'written', {
    'file-denied': { hint: 'Give this user write permission on the data directory.' },
  });
}

/** As `3.5 MiB`; little is counted in KiB. */
export function mebibytes(bytes: number): string {
  if (bytes < 102_400) return `${Math.ceil(bytes / 1024)} KiB`;
  return `${(bytes / (1024 * 1024)).toFixed(bytes < 10_485_760 ? 1 : 0)} MiB`;
}
