import {
  CONFIG_NAME,
  FIRMWARE_SUFFIX,
  MAX_CONFIG_BYTES,
  MAX_FIRMWARE_BYTES,
} from '#shared/domain/firmware.ts';
import { mebibytes, refuse, show } from './package-faults.ts';
import { isClutter, type PackageFile, type PackageSource } from './source/index.ts';

export interface PickedFiles {
  readonly firmware: PackageFile;
  readonly config: PackageFile;
  /** All else that is meant. */
  readonly others: readonly PackageFile[];
}

/** The one `*.bin.ota` and the one `ota_cfg.json`, at any depth. Faults: `firmware-invalid` naming what is wrong. */
export function pickFiles(source: PackageSource): PickedFiles {
  const meant = source.files.filter((file) => !isClutter(file.path));
  const ending = (suffix: string): PackageFile[] =>
    meant.filter((file) => baseName(file.path).toLowerCase().endsWith(suffix));
  const firmware = theOne(ending(FIRMWARE_SUFFIX), meant, `*${FIRMWARE_SUFFIX}`, source.name, [
    'no-firmware',
    'several-firmwares',
  ]);
  const named = ending(CONFIG_NAME).filter((file) => baseName(file.path).toLowerCase() === CONFIG_NAME);
  const config = theOne(named, meant, CONFIG_NAME, source.name, ['no-config', 'several-configs']);
  if (firmware.sizeBytes === 0) {
    throw refuse('empty-firmware', `"${show(firmware.path)}" is empty`, 'Get the package again.');
  }
  if (firmware.sizeBytes > MAX_FIRMWARE_BYTES) {
    throw refuse(
      'too-large',
      `"${show(firmware.path)}" has ${mebibytes(firmware.sizeBytes)}, at most ${mebibytes(MAX_FIRMWARE_BYTES)} are taken`,
      'A file of this size is not a firmware.',
    );
  }
  if (config.sizeBytes > MAX_CONFIG_BYTES) {
    throw refuse(
      'config-too-large',
      `"${show(config.path)}" has ${config.sizeBytes} bytes, at most ${MAX_CONFIG_BYTES} are taken`,
      'This is not the ota_cfg.json of a package.',
    );
  }
  return { firmware, config, others: meant.filter((file) => file !== firmware && file !== config) };
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Some mail programs pack what is packed already. */
const PACKED = /\.(?:zip|rar|7z|tar|gz|tgz|bz2|xz)$/i;

/** @param all in which an archive may be that holds what is looked for. */
function theOne(
  candidates: readonly PackageFile[],
  all: readonly PackageFile[],
  what: string,
  where: string,
  [none, several]: readonly ['no-firmware' | 'no-config', 'several-firmwares' | 'several-configs'],
): PackageFile {
  const [first, ...others] = candidates;
  if (first === undefined) {
    const [packed] = all.filter((file) => PACKED.test(file.path));
    const hint =
      packed === undefined
        ? `A package has exactly one ${what}.`
        : `It holds an archive: unpack "${show(packed.path)}" first, and import that.`;
    throw refuse(none, `${show(where)} holds no ${what}`, hint);
  }
  if (others.length === 0) return first;
  const names = candidates.slice(0, 5).map((file) => `"${show(file.path)}"`);
  throw refuse(
    several,
    `${show(where)} holds ${candidates.length} ${what}: ${names.join(', ')}${candidates.length > 5 ? ', …' : ''}`,
    'Leave exactly one of them in the package.',
    { count: candidates.length },
  );
}
