import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFaultCodeOf, hasErrno, publishFile } from '#node-kit/files/index.ts';
import { RegistryError } from '../registry-error.ts';

const DRAFT = '.part';
/** Left free for the database, whatever is uploaded. */
const RESERVE_BYTES = 256 * 1024 * 1024;

/** What a file turned out to be when it was read again. */
export interface FileFacts {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly md5: string;
}

/**
 * The bytes of firmware. A draft grows at its end only and only by chunks whose hash fitted, so its length says how
 * much of it is there, whenever this process is killed; after a power cut its end may lie, which the hash of the whole
 * tells before it becomes a content.
 */
export interface ContentFiles {
  pathOf(sha256: string): string;
  /** Bytes of a draft that are there; 0 when there is none. */
  received(firmwareId: string): Promise<number>;
  hasContent(sha256: string, sizeBytes: number): Promise<boolean>;
  /** Faults (RegistryError): `disk-full`. */
  requireRoom(sizeBytes: number): Promise<void>;
  append(firmwareId: string, chunk: Uint8Array): Promise<void>;
  inspect(firmwareId: string): Promise<FileFacts>;
  /** Makes a draft a content: durable, and there whole or not at all. */
  keep(firmwareId: string, sha256: string): Promise<void>;
  drop(firmwareId: string): Promise<void>;
  /** Drops drafts that belong to no upload. */
  sweep(known: (firmwareId: string) => boolean): Promise<void>;
}

export function createContentFiles(dataDir: string): ContentFiles {
  const dir = join(dataDir, 'firmware');
  const draftOf = (firmwareId: string): string => join(dir, `${firmwareId}${DRAFT}`);
  const pathOf = (sha256: string): string => join(dir, sha256);
  return {
    pathOf,
    received: (firmwareId) => sizeOf(draftOf(firmwareId)).then((size) => size ?? 0),
    hasContent: async (sha256, sizeBytes) => (await sizeOf(pathOf(sha256))) === sizeBytes,
    async requireRoom(sizeBytes) {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const { bavail, bsize } = await statfs(dir);
      if (bavail * bsize < sizeBytes + RESERVE_BYTES) throw diskFull();
    },
    async append(firmwareId, chunk) {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const file = await open(draftOf(firmwareId), 'a', 0o600);
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
      for await (const chunk of createReadStream(draftOf(firmwareId), { highWaterMark: 256 * 1024 })) {
        sha256.update(chunk as Buffer);
        md5.update(chunk as Buffer);
        sizeBytes += (chunk as Buffer).length;
      }
      return { sizeBytes, sha256: sha256.digest('hex'), md5: md5.digest('hex') };
    },
    async keep(firmwareId, sha256) {
      await publishFile(draftOf(firmwareId), pathOf(sha256));
    },
    drop: (firmwareId) => rm(draftOf(firmwareId), { force: true }),
    async sweep(known) {
      const names = await readdir(dir).catch(() => []);
      const strays = names.filter((name) => name.endsWith(DRAFT) && !known(name.slice(0, -DRAFT.length)));
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
    'the registry has no room for this firmware',
    'Free space on the disk of the registry, then continue the upload.',
  );
}
