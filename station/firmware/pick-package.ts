import { FIRMWARE_SUFFIX } from '#shared/domain/firmware.ts';
import { type OtherFiles, pickDocuments } from './documents.ts';
import { invalidPackage, printable } from './package-faults.ts';
import { pickFiles } from './pick-files.ts';
import { isFlasherArgs, pickFlasherPackage } from './pick-flasher-args.ts';
import { readWhole } from './read-whole.ts';
import { isClutter, type PackageFile, type PackageSource } from './source/index.ts';

export interface PickedPackage extends OtherFiles {
  readonly firmware: PackageFile;
  /** The content of `ota_cfg.json`, or of `flasher_args.json`, and its path in the package. */
  readonly config: Uint8Array;
  readonly configPath: string;
}

/**
 * The files of a package: a `*.bin.ota` with its `ota_cfg.json`, or a build of ESP-IDF with its `flasher_args.json`, whose
 * application is the firmware. Faults: `firmware-invalid`, those of `PackageFile.read`.
 */
export async function pickPackage(source: PackageSource, signal: AbortSignal): Promise<PickedPackage> {
  const files = source.files.filter((file) => !isClutter(file.path));
  const [list, another] = files.filter(isFlasherArgs);
  const isOta = files.some((file) => file.path.toLowerCase().endsWith(FIRMWARE_SUFFIX));
  if (list === undefined || isOta) {
    const { firmware, config, others } = pickFiles(source);
    const bytes = await readWhole(config, signal);
    return { firmware, config: bytes, configPath: config.path, ...pickDocuments(others) };
  }
  if (another !== undefined)
    throw invalidPackage(
      'several-configs',
      `${printable(source.name)} contains several flasher_args.json: "${printable(list.path)}", "${printable(another.path)}"`,
      'Leave exactly one of them in the package.',
    );
  // The other files of a build are many, and are not needed.
  return { ...(await pickFlasherPackage(list, files, signal)), configPath: list.path, skippedFiles: [] };
}
