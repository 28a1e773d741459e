import { readJsonText } from '#shared/codec/json-text.ts';
import { FLASH_MAX_BYTES, type FlashChip } from '#shared/domain/flash.ts';
import { FLASHER_ARGS_NAME, MAX_FLASHER_ARGS_BYTES, readFlasherArgs } from '#shared/domain/flasher-args.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { FlashImage } from '../devices/protocols/index.ts';
import type { FirmwareContent } from './firmware-contents.ts';

export interface FlashSources {
  /** A file of the firmware package, or with `null` the firmware itself. */
  readonly readFirmware: (path: string | null, maxBytes: number) => Promise<FirmwareContent>;
  /** The files of the recipe, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The files of a flash step. */
export interface FlashFiles {
  readonly images: readonly FlashImage[];
  /** The program of the vendor that the chip runs meanwhile; `null` where the protocol needs none. */
  readonly updater: Omit<FlashImage, 'offset'> | null;
}

/** Reads the files of a step. Faults: `bad-input` for an image that does not fit, `recipe-files-invalid`, those of `readFirmware`. */
export async function readFlashFiles(
  { chip, images, updater }: Pick<StepOf<'flash'>, 'chip' | 'images' | 'updater'>,
  sources: FlashSources,
): Promise<FlashFiles> {
  if (images.some(({ from }) => from === 'flasher-args'))
    return { images: await readListed(chip, sources), updater: null };
  const read: FlashImage[] = [];
  for (const { offset, ...source } of images)
    read.push({ ...(await readFile(source, FLASH_MAX_BYTES - offset, sources)), offset });
  return {
    images: read,
    updater: updater === undefined ? null : await readFile(updater, FLASH_MAX_BYTES, sources),
  };
}

/** The images that the `flasher_args.json` of the firmware package names. */
async function readListed(chip: FlashChip, { readFirmware }: FlashSources): Promise<readonly FlashImage[]> {
  const { bytes } = await readFirmware(FLASHER_ARGS_NAME, MAX_FLASHER_ARGS_BYTES);
  const json = readJsonText(new TextDecoder().decode(bytes));
  const args = json.ok ? readFlasherArgs(json.value) : json.problem.what.en;
  if (typeof args === 'string')
    throw new Fault('firmware-invalid', `${FLASHER_ARGS_NAME}: ${args}`, {
      hint: 'Import the package again.',
    });
  if (args.chip !== null && chip !== 'auto' && args.chip !== chip)
    throw new Fault('bad-input', `this firmware is for ${args.chip}, and the recipe flashes ${chip}`, {
      hint: 'Choose the firmware of this chip.',
    });
  const read: FlashImage[] = [];
  for (const { path, offset } of args.images) {
    const isApp = path === args.app;
    const { bytes: content } = await readFirmware(isApp ? null : path, FLASH_MAX_BYTES - offset);
    read.push({ name: path, bytes: content, offset });
  }
  return read;
}

async function readFile(
  {
    from,
    file,
  }: { readonly from: 'firmware' | 'recipe' | 'flasher-args'; readonly file?: string | undefined },
  maxBytes: number,
  { readFirmware, files }: FlashSources,
): Promise<Omit<FlashImage, 'offset'>> {
  const { name, bytes } =
    from !== 'recipe' ? await readFirmware(file ?? null, maxBytes) : fileOf(files, file ?? '');
  if (bytes.length > 0 && bytes.length <= maxBytes) return { name, bytes };
  throw new Fault('bad-input', `${name} has ${bytes.length} bytes, not 1 to ${maxBytes}`, {
    hint: 'Choose another file, or another offset.',
    details: { file: name },
  });
}

function fileOf(files: FlashSources['files'], name: string): Omit<FlashImage, 'offset'> {
  const bytes = files.get(name);
  if (bytes !== undefined) return { name, bytes };
  throw new Fault('recipe-files-invalid', `the recipe has no file ${name}`, {
    hint: 'Add it to the folder of the recipe.',
  });
}
