import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { asFileFault, hasErrno } from '#node-kit/files/index.ts';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { damaged, invalidPackage, printable } from '../package-faults.ts';
import type { PackageFile } from './package-source.ts';

/**
 * A file on disk as a file of a package.
 * @param stats of the file when the package was opened
 */
export function diskFile(path: string, location: string, stats: Stats): PackageFile {
  return { path, sizeBytes: stats.size, read: (signal) => readFile(path, location, stats.size, signal) };
}

async function* readFile(
  path: string,
  location: string,
  sizeBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let length = 0;
  try {
    // A link that replaced the file since then is not followed.
    await using handle = await open(location, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      throwIfAborted(signal);
      length += (chunk as Buffer).length;
      if (length > sizeBytes) break;
      yield chunk as Buffer;
    }
  } catch (error) {
    if (hasErrno(error, 'ELOOP')) throw linkFault(path);
    throw asFileFault(error, location, 'read');
  }
  if (length !== sizeBytes) throw damaged(`"${printable(path)}"`, 'it changed while it was read');
}

export function linkFault(path: string): Error {
  const file = printable(path);
  return invalidPackage(
    'symlink',
    `"${file}" in the package is a link, not a file`,
    'Put the file itself there.',
    {
      file,
    },
  );
}
