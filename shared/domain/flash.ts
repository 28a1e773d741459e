/** Chips whose flash a recipe can write, as a step names them; `auto` is any chip of the ESP32 family. */
export const FLASH_CHIPS = [
  'auto',
  'esp32',
  'esp32s2',
  'esp32s3',
  'esp32c2',
  'esp32c3',
  'esp32c6',
  'esp32h2',
  'su-03t',
  'ci130x',
  'bl602',
] as const;
export type FlashChip = (typeof FLASH_CHIPS)[number];

/** What the writing of a flash does at a time, in this order; a protocol may leave some out. */
export const FLASH_STAGES = ['connecting', 'reading', 'erasing', 'writing', 'verifying'] as const;
export type FlashStage = (typeof FLASH_STAGES)[number];

/** Largest flash that is written: offsets have 24 bits. */
export const FLASH_MAX_BYTES = 16 * 1024 * 1024;

/** True for the chips of the ESP32 family, whose flash has addresses and is erased in sectors of 4096 bytes. */
export function isEspressif(chip: FlashChip): boolean {
  return chip === 'auto' || chip.startsWith('esp32');
}
