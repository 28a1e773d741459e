import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { asFileFault, hasErrno } from '#node-kit/files/index.ts';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { invalidPackage, linkFault, printable } from '../package-faults.ts';
import type { PackageFile } from './package-source.ts';

/**
 * A file on disk as a file of a package.
 * @param path inside the package
 * @param diskPath where the file is
 * @param stats of the file when the package was opened
 */
export function diskFile(path: string, diskPath: string, stats: Stats): PackageFile {
  return { path, sizeBytes: stats.size, read: (signal) => readFile(path, diskPath, stats.size, signal) };
}

/** Faults: `firmware-invalid` (`changed`, `symlink`), those of `asFileFault`, the signal's reason. */
async function* readFile(
  path: string,
  diskPath: string,
  sizeBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let length = 0;
  try {
    // The file may have been replaced by a link since the package was opened. It is not followed, except on Windows, which has
    // no O_NOFOLLOW.
    await using handle = await open(diskPath, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      throwIfAborted(signal);
      length += (chunk as Buffer).length;
      if (length > sizeBytes) break;
      yield chunk as Buffer;
    }
  } catch (error) {
    if (hasErrno(error, 'ELOOP')) throw linkFault(path);
    throw asFileFault(error, diskPath, 'read');
  }
  if (length !== sizeBytes) {
    const file = printable(path);
    throw invalidPackage(
      'changed',
      `"${file}" was changed while it was read`,
      'Import it again when no program writes to it.',
      { file },
    );
  }
}
