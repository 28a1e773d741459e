import { lstat, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { damaged, refuse } from '../refuse.ts';
import { diskFile } from './disk-file.ts';
import { asReadFault } from './file-faults.ts';
import { openFolder } from './folder-source.ts';
import type { PackageSource } from './package-source.ts';
import { openZip } from './zip-source.ts';

/**
 * Opens what a person named: a zip, a folder, or the two files of a package themselves.
 * Faults: `file-missing`, `file-denied`, `bad-input` (nothing named), `firmware-invalid`.
 */
export async function openSource(paths: readonly string[], signal: AbortSignal): Promise<PackageSource> {
  const [first, ...others] = paths;
  if (first === undefined)
    throw new Fault('bad-input', 'no package was named', { hint: 'Name a zip or a folder.' });
  if (others.length > 0) return looseFiles(paths);
  const stats = await stat(first).catch((error: unknown) => {
    throw asReadFault(error, first);
  });
  if (stats.isDirectory()) return openFolder(first, signal);
  switch (await beginningOf(first)) {
    case 'zip':
      return openZip(first, signal);
    case 'other':
      return refuseSingle(first);
  }
}

/** Files dropped together onto a page: they form a package without a folder. */
async function looseFiles(paths: readonly string[]): Promise<PackageSource> {
  const files = await Promise.all(
    paths.map(async (path) => {
      const stats = await lstat(path).catch((error: unknown) => {
        throw asReadFault(error, path);
      });
      return diskFile(basename(path), path, stats);
    }),
  );
  return { name: basename(paths[0] ?? ''), files, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** "PK" and a local header, an empty directory or a spanning mark (APPNOTE 4.3). */
const ZIP_MARKS: ReadonlySet<string> = new Set(['504b0304', '504b0506', '504b0708']);

async function beginningOf(path: string): Promise<'zip' | 'other'> {
  try {
    await using handle = await open(path, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && ZIP_MARKS.has(buffer.toString('hex')) ? 'zip' : 'other';
  } catch (error) {
    throw asReadFault(error, path);
  }
}

function refuseSingle(path: string): never {
  const name = basename(path);
  if (/\.zip$/i.test(name)) throw damaged(name, 'it does not begin as a zip does');
  throw refuse(
    'not-a-package',
    `${name} is neither a zip nor a folder`,
    'Name the zip, or the folder with the .bin.ota and its ota_cfg.json.',
  );
}
