import { Fault } from '#shared/domain/fault.ts';
import type { FlashImage } from './flash-protocol.ts';

const SECTOR_BYTES = 4096;

/**
 * Refuses images of which one would erase a part of another: flash is erased in whole sectors, so that each needs its own.
 * Without this, an image that was proven could be lost by the next one. Faults: `bad-input`.
 */
export function requireSeparate(images: readonly FlashImage[]): void {
  const sectors = new Map<number, string>();
  for (const { name, offset, bytes } of images) {
    if (bytes.length === 0) throw badPlace(name, 'is empty');
    if (offset % SECTOR_BYTES !== 0) throw badPlace(name, 'does not begin with a sector');
    for (let sector = offset / SECTOR_BYTES; sector * SECTOR_BYTES < offset + bytes.length; sector++) {
      const other = sectors.get(sector);
      if (other !== undefined) throw badPlace(name, `overlaps ${other}`);
      sectors.set(sector, name);
    }
  }
}

function badPlace(name: string, problem: string): Fault {
  return new Fault('bad-input', `the image ${name} ${problem}`, {
    hint: `Give each image an offset of its own that is a multiple of ${SECTOR_BYTES}.`,
    details: { file: name },
  });
}
