import { lstat, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { asFileFault } from '#node-kit/files/index.ts';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { refuse } from '../package-faults.ts';
import { diskFile, linked } from './disk-file.ts';
import { MAX_DEPTH, MAX_FILES, type PackageFile, type PackageSource } from './package-source.ts';
import { isClutter } from './safe-path.ts';

/** A folder as a package, looked through at any depth. Faults: `file-denied`, `firmware-invalid` (links, too much). */
export async function openFolder(root: string, signal: AbortSignal): Promise<PackageSource> {
  const files: PackageFile[] = [];
  let seen = 0;
  const look = async (inside: string, depth: number): Promise<void> => {
    const location = join(root, inside);
    const names = await readdir(location).catch((error: unknown) => {
      throw asFileFault(error, location, 'read');
    });
    for (const name of names.sort()) {
      throwIfAborted(signal);
      const path = inside === '' ? name : `${inside}/${name}`;
      if (isClutter(path)) continue;
      if (++seen > MAX_FILES || depth > MAX_DEPTH) throw notOnlyAPackage(root);
      const stats = await lstat(join(root, path));
      if (stats.isSymbolicLink()) throw linked(path);
      if (stats.isDirectory()) await look(path, depth + 1);
      else if (stats.isFile()) files.push(diskFile(path, join(root, path), stats));
    }
  };
  await look('', 0);
  return { name: basename(resolve(root)), files, [Symbol.asyncDispose]: () => Promise.resolve() };
}

function notOnlyAPackage(root: string): Error {
  return refuse(
    'too-many-files',
    `${root} holds far more than a firmware package`,
    'Name the folder that holds only the package.',
  );
}
