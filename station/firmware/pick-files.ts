import { posix } from 'node:path';
import {
  CONFIG_NAME,
  FIRMWARE_SUFFIX,
  MAX_CONFIG_BYTES,
  MAX_FIRMWARE_BYTES,
} from '#shared/domain/firmware.ts';
import { mebibytes, invalidPackage, printable } from './package-faults.ts';
import { isClutter, type PackageFile, type PackageSource } from './source/index.ts';

export interface PickedFiles {
  readonly firmware: PackageFile;
  readonly config: PackageFile;
  /** All other files except clutter. */
  readonly others: readonly PackageFile[];
}

/** Finds the one `*.bin.ota` and the one `ota_cfg.json`, at any depth. Faults: `firmware-invalid`. */
export function pickFiles(source: PackageSource): PickedFiles {
  const files = source.files.filter((file) => !isClutter(file.path));
  const firmwares = files.filter((file) => file.path.toLowerCase().endsWith(FIRMWARE_SUFFIX));
  const firmware = requireOne(firmwares, files, `*${FIRMWARE_SUFFIX}`, source.name, [
    'no-firmware',
    'several-firmwares',
  ]);
  const configs = files.filter((file) => posix.basename(file.path).toLowerCase() === CONFIG_NAME);
  const config = requireOne(configs, files, CONFIG_NAME, source.name, ['no-config', 'several-configs']);
  if (firmware.sizeBytes === 0) {
    throw invalidPackage(
      'empty-firmware',
      `"${printable(firmware.path)}" is empty`,
      'Get the package again.',
    );
  }
  if (firmware.sizeBytes > MAX_FIRMWARE_BYTES) {
    throw invalidPackage(
      'too-large',
      `"${printable(firmware.path)}" has ${mebibytes(firmware.sizeBytes)}, at most ${mebibytes(MAX_FIRMWARE_BYTES)} are allowed`,
      'A firmware is never this large: import another file.',
    );
  }
  if (config.sizeBytes > MAX_CONFIG_BYTES) {
    throw invalidPackage(
      'config-too-large',
      `"${printable(config.path)}" has ${config.sizeBytes} bytes, at most ${MAX_CONFIG_BYTES} are allowed`,
      'This is not the ota_cfg.json of a package.',
    );
  }
  return { firmware, config, others: files.filter((file) => file !== firmware && file !== config) };
}

/** Archives inside a package: some mail programs pack an archive again. */
const ARCHIVE = /\.(?:zip|rar|7z|tar|gz|tgz|bz2|xz)$/i;

/** @param all files of the package; an archive among them may contain the missing file */
function requireOne(
  candidates: readonly PackageFile[],
  all: readonly PackageFile[],
  pattern: string,
  packageName: string,
  [none, several]: readonly ['no-firmware' | 'no-config', 'several-firmwares' | 'several-configs'],
): PackageFile {
  const [first, ...others] = candidates;
  if (first === undefined) {
    const [packed] = all.filter((file) => ARCHIVE.test(file.path));
    const hint =
      packed === undefined
        ? `A package has exactly one ${pattern}, or the flasher_args.json of ESP-IDF with its images.`
        : `The package contains the archive "${printable(packed.path)}": unpack it and import its contents.`;
    throw invalidPackage(none, `${printable(packageName)} contains no ${pattern}`, hint);
  }
  if (others.length === 0) return first;
  const names = candidates.slice(0, 5).map((file) => `"${printable(file.path)}"`);
  throw invalidPackage(
    several,
    `${printable(packageName)} contains ${candidates.length} ${pattern}: ${names.join(', ')}${candidates.length > 5 ? ', …' : ''}`,
    'Leave exactly one of them in the package.',
    { count: candidates.length },
  );
}
