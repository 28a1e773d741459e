import { posix } from 'node:path';
import { readJsonText } from '#shared/codec/json-text.ts';
import { readUtf8Text } from '#shared/codec/text-file.ts';
import {
  FLASHER_ARGS_NAME,
  type FlasherArgs,
  MAX_FLASHER_ARGS_BYTES,
  readFlasherArgs,
} from '#shared/domain/flasher-args.ts';
import { FLASH_MAX_BYTES } from '#shared/domain/flash.ts';
import { invalidPackage, printable } from './package-faults.ts';
import { readWhole } from './read-whole.ts';
import type { PackageFile } from './source/index.ts';

/** The images of a build of ESP-IDF. Their paths, and that of the list, are relative to the folder of the list. */
export interface FlasherPackage {
  /** The application. */
  readonly firmware: PackageFile;
  /** The content of the `flasher_args.json`. */
  readonly config: Uint8Array;
  /** The other images and the list, which are stored with the firmware. */
  readonly documents: readonly PackageFile[];
}

/** True for the list of a build. */
export function isFlasherArgs({ path }: PackageFile): boolean {
  return posix.basename(path) === FLASHER_ARGS_NAME;
}

/**
 * Finds the images that a `flasher_args.json` names among the files of a package. Faults: `firmware-invalid` (`flasher-args`),
 * those of `PackageFile.read`.
 */
export async function pickFlasherPackage(
  config: PackageFile,
  files: readonly PackageFile[],
  signal: AbortSignal,
): Promise<FlasherPackage> {
  if (config.sizeBytes > MAX_FLASHER_ARGS_BYTES)
    throw refused(config, `it has ${config.sizeBytes} bytes, more than ${MAX_FLASHER_ARGS_BYTES}`);
  const bytes = await readWhole(config, signal);
  const { images, app } = parse(bytes, config);
  const folder = posix.dirname(config.path);
  let freeFrom = 0;
  const found = images.map(({ path, offset }) => {
    const inPackage = posix.join(folder, path);
    const file = files.find((one) => one.path === inPackage);
    if (file === undefined) throw refused(config, `the package has no file "${printable(inPackage)}"`);
    const { sizeBytes } = file;
    if (sizeBytes === 0 || sizeBytes > FLASH_MAX_BYTES - offset)
      throw refused(
        config,
        `"${printable(path)}" has ${sizeBytes} bytes, and does not fit at 0x${offset.toString(16)}`,
      );
    if (offset < freeFrom)
      throw refused(config, `"${printable(path)}" at 0x${offset.toString(16)} overlaps the image before it`);
    freeFrom = offset + sizeBytes;
    return { path, sizeBytes, read: (until: AbortSignal) => file.read(until) };
  });
  const firmware = found.find(({ path }) => path === app);
  if (firmware === undefined) throw refused(config, 'it names no application');
  const list = { path: FLASHER_ARGS_NAME, sizeBytes: bytes.length, read: () => streamOf(bytes) };
  return { firmware, config: bytes, documents: [list, ...found.filter((one) => one !== firmware)] };
}

/** The file itself can be read once only. */
async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** @param config for the message of a fault. Faults: `firmware-invalid` (`flasher-args`) */
function parse(bytes: Uint8Array, config: Pick<PackageFile, 'path'>): FlasherArgs {
  const text = readUtf8Text(bytes);
  if (!text.ok) throw refused(config, `it ${text.problem.what.en}`);
  const json = readJsonText(text.text);
  if (!json.ok) throw refused(config, `line ${json.problem.line}: it ${json.problem.what.en}`);
  const args = readFlasherArgs(json.value);
  if (typeof args === 'string') throw refused(config, args);
  return args;
}

function refused({ path }: Pick<PackageFile, 'path'>, reason: string): Error {
  return invalidPackage(
    'flasher-args',
    `"${printable(path)}": ${reason}`,
    'Build again, and import flasher_args.json with the images that it names.',
    { file: printable(path) },
  );
}
