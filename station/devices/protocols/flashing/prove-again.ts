import { Fault } from '#shared/domain/fault.ts';
import type { FlashedImage, FlashImage } from './flash-protocol.ts';

/** Lost images are written again so often. */
const MAX_ROUNDS = 3;

/**
 * Proves the images again that were proven before others were written: a command that was changed on the line writes to another
 * place, and a flash that is smaller than it says begins again at its start. What is lost is written again. Faults: `flash-mismatch`
 * when the flash does not hold all images together; those of `write`.
 *
 * @param done what was written, in the order of the images; the last one was proven after all writes
 * @param write proves an image and leaves it when the flash holds it (`skipped`); else writes and proves it
 */
export async function proveAgain(
  images: readonly FlashImage[],
  done: readonly Pick<FlashedImage, 'skipped'>[],
  write: (image: FlashImage) => Promise<Pick<FlashedImage, 'skipped'>>,
): Promise<void> {
  if (done.every(({ skipped }) => skipped)) return;
  let doubtful: readonly FlashImage[] = images.slice(0, -1);
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const lost: FlashImage[] = [];
    for (const image of doubtful) if (!(await write(image)).skipped) lost.push(image);
    if (lost.length === 0) return;
    doubtful = images;
    if (round === MAX_ROUNDS) throw notTogether(lost.map(({ name }) => name).join(', '));
  }
}

/** Details: `sector`, so that no other speed is tried. */
function notTogether(file: string): Fault {
  return new Fault('flash-mismatch', `the flash loses ${file} when the other images are written`, {
    hint: 'The flash may be smaller than it says: compare the offsets of the images with its real size, or sort the unit out.',
    details: { file, sector: 'several' },
  });
}
