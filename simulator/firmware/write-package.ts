import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { asFileFault } from '#node-kit/files/index.ts';
import { CONFIG_NAME, FIRMWARE_SUFFIX } from '#shared/domain/firmware.ts';
import { type EspFirmwareOptions, makeEspFirmware } from './esp-firmware.ts';

/** A file of a package, with its path in the package. */
export interface PackageMember {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A package in a folder, for comparison with an import. */
export interface WrittenPackage {
  readonly dir: string;
  /** Paths of the files in the folder; the firmware is the first. */
  readonly files: readonly string[];
  /** SHA-256 of the firmware, in hex. */
  readonly sha256: string;
}

export interface PackageNames {
  readonly productId: string;
  readonly version: string;
}

/**
 * Writes a firmware package into a folder, which is created: the files, of which the first is the firmware and ends with `.bin.ota`, and
 * `ota_cfg.json`. Files of the same names are replaced. Faults: those of `asFileFault`, such as `file-denied`.
 */
export async function writePackage(
  dir: string,
  files: readonly [PackageMember, ...PackageMember[]],
  { productId, version }: PackageNames,
): Promise<WrittenPackage> {
  const config = Buffer.from(`${JSON.stringify({ productId, version }, null, 2)}\n`);
  const members = [...files, { path: CONFIG_NAME, bytes: config }];
  for (const { path, bytes } of members) {
    const file = join(dir, path);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    } catch (error) {
      throw asFileFault(error, file, 'written');
    }
  }
  return { dir, files: members.map(({ path }) => path), sha256: sha256Hex(files[0].bytes) };
}

/** Writes the package of `makeEspFirmware` in the form that `flash` steps take. Faults: those of `writePackage`. */
export function writeEspPackage(
  dir: string,
  { productId, ...options }: EspFirmwareOptions & { readonly productId: string },
): Promise<WrittenPackage> {
  const [boot, table, application] = makeEspFirmware(options);
  const member = ({ name, bytes }: { readonly name: string; readonly bytes: Buffer }): PackageMember => ({
    path: name,
    bytes,
  });
  const firmware = member({ ...application, name: application.name.replace(/\.bin$/, FIRMWARE_SUFFIX) });
  return writePackage(dir, [firmware, member(boot), member(table)], { productId, version: options.version });
}
