import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { asFileFault, hasErrno } from '#node-kit/files/index.ts';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { damaged, refuse, show } from '../package-faults.ts';
import type { PackageFile } from './package-source.ts';

/** A file on disk as a file of a package. `stats` is what it was when the package was looked through. */
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
    // A link put there since the look-through is not followed.
    await using handle = await open(location, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      throwIfAborted(signal);
      length += (chunk as Buffer).length;
      if (length > sizeBytes) break;
      yield chunk as Buffer;
    }
  } catch (error) {
    if (hasErrno(error, 'ELOOP')) throw linked(path);
    throw asFileFault(error, location, 'read');
  }
  if (length !== sizeBytes) throw damaged(`"${show(path)}"`, 'it changed while it was read');
}

export function linked(path: string): Error {
  const file = show(path);
  return refuse('symlink', `"${file}" in the package is a link, not a file`, 'Put the file itself there.', {
    file,
  });
}
