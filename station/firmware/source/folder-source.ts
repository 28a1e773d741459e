import { lstat, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { asFileFault } from '#node-kit/files/index.ts';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { invalidPackage } from '../package-faults.ts';
import { linkFault } from '../package-faults.ts';
import { diskFile } from './disk-file.ts';
import { MAX_DEPTH, MAX_FILES, type PackageFile, type PackageSource } from './package-source.ts';
import { isClutter } from './safe-path.ts';

/** A folder as a package, with its folders. Faults: `file-missing`, `file-denied`, `firmware-invalid` (a link, too many files). */
export async function openFolder(root: string, signal: AbortSignal): Promise<PackageSource> {
  const files: PackageFile[] = [];
  let count = 0;
  const readFolder = async (inside: string, depth: number): Promise<void> => {
    const location = join(root, inside);
    const names = await readdir(location).catch((error: unknown) => {
      throw asFileFault(error, location, 'read');
    });
    for (const name of names.sort()) {
      throwIfAborted(signal);
      const path = inside === '' ? name : `${inside}/${name}`;
      if (isClutter(path)) continue;
      if (++count > MAX_FILES || depth > MAX_DEPTH) throw tooManyFiles(root);
      const stats = await lstat(join(root, path));
      if (stats.isSymbolicLink()) throw linkFault(path);
      if (stats.isDirectory()) await readFolder(path, depth + 1);
      else if (stats.isFile()) files.push(diskFile(path, join(root, path), stats));
    }
  };
  await readFolder('', 0);
  return { name: basename(resolve(root)), files, [Symbol.asyncDispose]: () => Promise.resolve() };
}

function tooManyFiles(root: string): Error {
  return invalidPackage(
    'too-many-files',
    `${root} holds far more than a firmware package`,
    'Name the folder that holds only the package.',
  );
}
