import { Fault } from '#shared/domain/fault.ts';
import type { FlashImage } from '../flashing/index.ts';
import { readAppDescription } from './app-description.ts';
import { ESP_CHIPS, type EspChip } from './chips.ts';

/** Header of an image: its magic, its number of segments, the number of its chip (little-endian). */
const IMAGE_MAGIC = 0xe9;
const HEADER_BYTES = 24;
const SEGMENTS_AT = 1;
const MAX_SEGMENTS = 16;
const CHIP_AT = 12;
/** Where the boot loaders of the chips are. */
const BOOT_LOADER_OFFSETS = [0x0, 0x1000, 0x2000];

/**
 * Refuses programs for other chips before anything is written: the flash would hold them, and the unit would not start. Only images
 * that are programs for certain are looked at. Source: "App Image Format" of ESP-IDF. Faults: `bad-input`.
 */
export function requireOwnPrograms({ chipId, title }: EspChip, images: readonly FlashImage[]): void {
  for (const image of images) {
    const number = chipOf(image);
    if (number === null || number === chipId) continue;
    const other =
      ESP_CHIPS.find((chip) => chip.chipId === number)?.title ?? `another chip (number ${number})`;
    throw new Fault('bad-input', `${image.name} is a program for ${other}, and this unit has an ${title}`, {
      hint: 'Choose the firmware of this chip, or take the right unit.',
      details: { file: image.name, chip: title },
    });
  }
}

/** The number of the chip of a program; `null` for other images. */
function chipOf({ bytes, offset }: FlashImage): number | null {
  if (bytes.length < HEADER_BYTES || bytes[0] !== IMAGE_MAGIC) return null;
  const segments = bytes[SEGMENTS_AT] ?? 0;
  const isBootLoader = BOOT_LOADER_OFFSETS.includes(offset) && segments > 0 && segments <= MAX_SEGMENTS;
  if (!isBootLoader && readAppDescription(bytes) === null) return null;
  return (bytes[CHIP_AT] ?? 0) | ((bytes[CHIP_AT + 1] ?? 0) << 8);
}
