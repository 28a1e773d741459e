import { z } from 'zod';
import { FLASH_MAX_BYTES } from './flash.ts';

/** The file in which a build of ESP-IDF lists its images with their offsets. */
export const FLASHER_ARGS_NAME = 'flasher_args.json';
export const MAX_FLASHER_ARGS_BYTES = 64 * 1024;
const MAX_IMAGES = 16;
const SECTOR_BYTES = 4096;

/** The images of a build, in the order of their offsets. */
export interface FlasherArgs {
  /** As esptool names it: `esp32c3`; `null` when the file does not say it. */
  readonly chip: string | null;
  /** `path`: relative to the folder of the file, with `/`. */
  readonly images: readonly { readonly path: string; readonly offset: number }[];
  /** The path of the application, which is one of the images. */
  readonly app: string;
}

const part = z.object({ offset: z.string(), file: z.string(), encrypted: z.string().optional() });
const shape = z.object({
  flash_files: z.record(z.string(), z.string()),
  app: part,
  extra_esptool_args: z.object({ chip: z.string().max(32).optional() }).optional(),
});

/** Reads the content of a `flasher_args.json`; a text when it is none that can be flashed: one line that says why. */
export function readFlasherArgs(json: unknown): FlasherArgs | string {
  const read = shape.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `${issue?.path.join('.') || 'the file'} is missing or is not what ESP-IDF writes`;
  }
  const { flash_files: files, app, extra_esptool_args: extra } = read.data;
  const entries = Object.entries(files);
  if (entries.length === 0) return 'flash_files names no image';
  if (entries.length > MAX_IMAGES)
    return `flash_files names ${entries.length} images, more than ${MAX_IMAGES}`;
  const images: { path: string; offset: number }[] = [];
  for (const [written, path] of entries) {
    const offset = /^(?:0x[0-9a-f]{1,8}|\d{1,9})$/i.test(written) ? Number(written) : NaN;
    if (!(offset < FLASH_MAX_BYTES) || offset % SECTOR_BYTES !== 0)
      return `"${written.slice(0, 20)}" is not an offset below ${FLASH_MAX_BYTES} that is a multiple of ${SECTOR_BYTES}`;
    if (!isPlainPath(path)) return `"${path.slice(0, 60)}" is not a path inside of the folder`;
    if (images.some((other) => other.offset === offset)) return `two images begin at ${written}`;
    images.push({ path, offset });
  }
  if (encryptedIn(json)) return 'an image is marked as encrypted, and Gongwei does not write encrypted flash';
  if (!images.some(({ path }) => path === app.file)) return 'the file of "app" is not in flash_files';
  return {
    chip: extra?.chip ?? null,
    images: images.sort((a, b) => a.offset - b.offset),
    app: app.file,
  };
}

function isPlainPath(path: string): boolean {
  const steps = path.split('/');
  return path.length <= 200 && !/[\\:\p{C}]/u.test(path) && steps.every((step) => !/^\.{0,2}$/.test(step));
}

/** True when any part (`bootloader`, `app`, …) is marked so. */
function encryptedIn(json: unknown): boolean {
  return Object.values(json as Record<string, unknown>).some(
    (value) => part.safeParse(value).data?.encrypted?.toLowerCase() === 'true',
  );
}
