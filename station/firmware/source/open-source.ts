import { lstat, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { asFileFault } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { damaged, invalidPackage } from '../package-faults.ts';
import { kindWithoutZip, type OtherKind, otherKindOf } from './archive-kind.ts';
import { diskFile } from './disk-file.ts';
import { openFolder } from './folder-source.ts';
import type { PackageSource } from './package-source.ts';
import { openZip } from './zip-source.ts';

/**
 * Opens a package: a zip, a folder, or the files of a package.
 * Faults: `file-missing`, `file-denied`, `bad-input` without a path, `firmware-invalid`, the signal's reason.
 */
export async function openSource(paths: readonly string[], signal: AbortSignal): Promise<PackageSource> {
  const [first, ...others] = paths;
  if (first === undefined)
    throw new Fault('bad-input', 'no package was named', { hint: 'Name a zip or a folder.' });
  if (others.length > 0) return looseFiles(paths);
  const stats = await stat(first).catch((error: unknown) => {
    throw asFileFault(error, first, 'read');
  });
  if (stats.isDirectory()) return openFolder(first, signal);
  if (stats.size === 0) throw damaged(basename(first), 'it is empty');
  // Before the search for a zip: a tar or RAR may contain a zip at its end.
  const kind = await otherKindOf(first);
  if (kind !== null) throw wrongKind(first, kind);
  const zip = await openZip(first, signal);
  if (zip !== null) return zip;
  const otherKind = await kindWithoutZip(first);
  throw otherKind === null ? notAPackage(first) : wrongKind(first, otherKind);
}

/** Files that were dropped on a page together form a package without a folder. */
async function looseFiles(paths: readonly string[]): Promise<PackageSource> {
  const files = await Promise.all(
    paths.map(async (path) => {
      const stats = await lstat(path).catch((error: unknown) => {
        throw asFileFault(error, path, 'read');
      });
      return diskFile(basename(path), path, stats);
    }),
  );
  return { name: basename(paths[0] ?? ''), files, [Symbol.asyncDispose]: () => Promise.resolve() };
}

function wrongKind(path: string, { what, archive }: OtherKind): Fault {
  const hint = archive
    ? 'Unpack it and name the folder, or pack the .bin.ota and its ota_cfg.json as a zip.'
    : 'Name the zip of the package, or the folder with the .bin.ota and its ota_cfg.json.';
  return invalidPackage('not-a-package', `${basename(path)} is ${what}, not a zip`, hint, { kind: what });
}

function notAPackage(path: string): Fault {
  const name = basename(path);
  if (/\.zip$/i.test(name)) return damaged(name, 'the directory at the end of a zip is not in it');
  return invalidPackage(
    'not-a-package',
    `${name} is neither a zip nor a folder`,
    'Name the zip, or the folder with the .bin.ota and its ota_cfg.json.',
  );
}
