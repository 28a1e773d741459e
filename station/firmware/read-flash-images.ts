import { FLASH_MAX_BYTES } from '#shared/domain/flash.ts';
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

/** Reads the images of a step. Faults: `bad-input` for an image that does not fit, `recipe-files-invalid`, those of `readFirmware`. */
export async function readFlashImages(
  { images }: Pick<StepOf<'flash'>, 'images'>,
  { readFirmware, files }: FlashSources,
): Promise<FlashImage[]> {
  const read: FlashImage[] = [];
  for (const { from, file, offset } of images) {
    const maxBytes = FLASH_MAX_BYTES - offset;
    const { name, bytes } =
      from === 'firmware' ? await readFirmware(file ?? null, maxBytes) : fileOf(files, file ?? '');
    if (bytes.length === 0 || bytes.length > maxBytes)
      throw new Fault('bad-input', `${name} has ${bytes.length} bytes, not 1 to ${maxBytes}`, {
        hint: 'Choose another file, or another offset.',
        details: { file: name },
      });
    read.push({ name, offset, bytes });
  }
  return read;
}

function fileOf(
  files: FlashSources['files'],
  name: string,
): { readonly name: string; readonly bytes: Uint8Array } {
  const bytes = files.get(name);
  if (bytes !== undefined) return { name, bytes };
  throw new Fault('recipe-files-invalid', `the recipe has no file ${name}`, {
    hint: 'Add it to the folder of the recipe.',
  });
}
