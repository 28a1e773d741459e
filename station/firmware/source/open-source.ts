import { lstat, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { asFileFault } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { damaged, refuse } from '../package-faults.ts';
import { kindWithoutZip, type OtherKind, otherKindOf } from './archive-kind.ts';
import { diskFile } from './disk-file.ts';
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
    throw asFileFault(error, first, 'read');
  });
  if (stats.isDirectory()) return openFolder(first, signal);
  if (stats.size === 0) throw damaged(basename(first), 'it is empty');
  // First: a tar or RAR may hold a zip at its end.
  const kind = await otherKindOf(first);
  if (kind !== null) throw refuseKind(first, kind);
  const zip = await openZip(first, signal);
  if (zip !== null) return zip;
  const found = await kindWithoutZip(first);
  throw found === null ? refuseSingle(first) : refuseKind(first, found);
}

/** Files dropped together onto a page: they form a package without a folder. */
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

function refuseKind(path: string, { what, archive }: OtherKind): Fault {
  const hint = archive
    ? 'Unpack it and name the folder, or pack the .bin.ota and its ota_cfg.json as a zip.'
    : 'Name the zip of the package, or the folder with the .bin.ota and its ota_cfg.json.';
  return refuse('not-a-package', `${basename(path)} is ${what}, not a zip`, hint, { kind: what });
}

function refuseSingle(path: string): Fault {
  const name = basename(path);
  if (/\.zip$/i.test(name)) return damaged(name, 'the directory at the end of a zip is not in it');
  return refuse(
    'not-a-package',
    `${name} is neither a zip nor a folder`,
    'Name the zip, or the folder with the .bin.ota and its ota_cfg.json.',
  );
}
