import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFaultCodeOf, hasErrno, renameDurably } from '#node-kit/files/index.ts';
import { RegistryError } from '../registry-error.ts';

const PARTIAL_ENDING = '.part';
/** Space that uploads leave free for the database. */
const RESERVED_BYTES = 256 * 1024 * 1024;

/** Size and hashes of a file that was read. */
export interface FileFacts {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly md5: string;
}

/**
 * Files that stations upload: contents by their name. A partial upload grows by verified chunks, so that its length is the received size, also
 * after a crash of the process. After a power cut its end may be wrong; the hash of the complete file detects that.
 */
export interface ContentFiles {
  pathOf(sha256: string): string;
  /** Length of a partial upload; 0 without one. */
  received(firmwareId: string): Promise<number>;
  hasContent(sha256: string, sizeBytes: number): Promise<boolean>;
  /** Errors (`RegistryError`): `disk-full`. */
  requireRoom(sizeBytes: number): Promise<void>;
  append(firmwareId: string, chunk: Uint8Array): Promise<void>;
  inspect(firmwareId: string): Promise<FileFacts>;
  /** Renames a partial upload to a content, durably and atomically. */
  commit(firmwareId: string, sha256: string): Promise<void>;
  deletePartial(firmwareId: string): Promise<void>;
  /** Deletes partial uploads for which `isUploading` is false. */
  sweep(isUploading: (firmwareId: string) => boolean): Promise<void>;
}

/** @param dir the folder of the files, made at the first upload */
export function createContentFiles(dir: string): ContentFiles {
  const partialOf = (firmwareId: string): string => join(dir, `${firmwareId}${PARTIAL_ENDING}`);
  const pathOf = (sha256: string): string => join(dir, sha256);
  return {
    pathOf,
    received: (firmwareId) => sizeOf(partialOf(firmwareId)).then((size) => size ?? 0),
    hasContent: async (sha256, sizeBytes) => (await sizeOf(pathOf(sha256))) === sizeBytes,
    async requireRoom(sizeBytes) {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const { bavail, bsize } = await statfs(dir);
      if (bavail * bsize < sizeBytes + RESERVED_BYTES) throw diskFull();
    },
    async append(firmwareId, chunk) {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const file = await open(partialOf(firmwareId), 'a', 0o600);
      try {
        await file.appendFile(chunk);
      } catch (error) {
        throw fileFaultCodeOf(error) === 'disk-full' ? diskFull() : error;
      } finally {
        await file.close();
      }
    },
    async inspect(firmwareId) {
      const sha256 = createHash('sha256');
      const md5 = createHash('md5');
      let sizeBytes = 0;
      for await (const chunk of createReadStream(partialOf(firmwareId), { highWaterMark: 256 * 1024 })) {
        sha256.update(chunk as Buffer);
        md5.update(chunk as Buffer);
        sizeBytes += (chunk as Buffer).length;
      }
      return { sizeBytes, sha256: sha256.digest('hex'), md5: md5.digest('hex') };
    },
    async commit(firmwareId, sha256) {
      await renameDurably(partialOf(firmwareId), pathOf(sha256));
    },
    deletePartial: (firmwareId) => rm(partialOf(firmwareId), { force: true }),
    async sweep(isUploading) {
      const names = await readdir(dir).catch(() => []);
      const strays = names.filter(
        (name) => name.endsWith(PARTIAL_ENDING) && !isUploading(name.slice(0, -PARTIAL_ENDING.length)),
      );
      for (const name of strays) await rm(join(dir, name), { force: true });
    },
  };
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

function diskFull(): RegistryError {
  return new RegistryError(
    'disk-full',
    'the registry has not enough disk space for this file',
    'Free space on the disk of the registry, then continue the upload.',
  );
}
