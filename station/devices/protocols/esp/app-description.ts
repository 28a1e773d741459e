import type { FlashedApp } from '../flashing/index.ts';
import { wordAt } from './commands.ts';

/** First byte of an image that the boot loader starts. */
const IMAGE_MAGIC = 0xe9;
/** The description is at the beginning of the first segment, after the headers of image and segment. */
const DESCRIPTION_OFFSET = 32;
const DESCRIPTION_MAGIC = 0xabcd_5432;
const VERSION_OFFSET = DESCRIPTION_OFFSET + 16;
const NAME_OFFSET = DESCRIPTION_OFFSET + 48;
const ELF_SHA256_OFFSET = DESCRIPTION_OFFSET + 144;
const TEXT_BYTES = 32;
const SHA256_BYTES = 32;

/** Bytes from the beginning of an image that have its description. */
export const DESCRIBED_BYTES = ELF_SHA256_OFFSET + SHA256_BYTES;

/** Reads the description at the beginning of an image; `null` for other bytes. Source: "App Image Format" of ESP-IDF. */
export function readAppDescription(image: Uint8Array): FlashedApp | null {
  if (image.length < DESCRIBED_BYTES || image[0] !== IMAGE_MAGIC) return null;
  if (wordAt(image, DESCRIPTION_OFFSET) !== DESCRIPTION_MAGIC) return null;
  const sha256 = image.subarray(ELF_SHA256_OFFSET, ELF_SHA256_OFFSET + SHA256_BYTES);
  return {
    project: textAt(image, NAME_OFFSET),
    version: textAt(image, VERSION_OFFSET),
    // A build may leave it out.
    elfSha256: sha256.every((byte) => byte === 0) ? null : Buffer.from(sha256).toString('hex'),
  };
}

/** A text that ends with a zero byte; characters that no text has are left out. */
function textAt(image: Uint8Array, offset: number): string {
  const field = image.subarray(offset, offset + TEXT_BYTES);
  const end = field.indexOf(0);
  const text = Buffer.from(end === -1 ? field : field.subarray(0, end)).toString('latin1');
  return text.replaceAll(/[^\x20-\x7e]/g, '');
}
