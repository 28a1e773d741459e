import { createHash } from 'node:crypto';
import type { FlashImage } from '../flashing/index.ts';

export const SECTOR_BYTES = 4096;

/** The part of an image in one sector of the flash, and the MD5 of what the sector holds there. */
export interface WrongSector {
  readonly part: FlashImage;
  readonly md5: string;
}

/**
 * The first sector in which the flash does not hold its part of an image; `null` where it holds all. The chip reads about
 * twice the image for it.
 * @param md5 MD5 of a region of the flash, lower-case hex
 */
export async function findWrongSector(
  { name, offset, bytes }: FlashImage,
  md5: (offset: number, length: number) => Promise<string>,
): Promise<WrongSector | null> {
  // Positions in the image at which sectors begin; the first sector may begin before the image.
  const starts = [0];
  for (let at = SECTOR_BYTES - (offset % SECTOR_BYTES); at < bytes.length; at += SECTOR_BYTES)
    starts.push(at);
  const startOf = (index: number): number => starts[index] ?? bytes.length;
  let [first, end] = [0, starts.length];
  while (end - first > 1) {
    const middle = (first + end) >> 1;
    const half = bytes.subarray(startOf(first), startOf(middle));
    if ((await md5(offset + startOf(first), half.length)) === md5Of(half)) first = middle;
    else end = middle;
  }
  const part = bytes.subarray(startOf(first), startOf(end));
  const found = await md5(offset + startOf(first), part.length);
  return found === md5Of(part)
    ? null
    : { part: { name, offset: offset + startOf(first), bytes: part }, md5: found };
}

/** Lower-case hex. */
export function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
