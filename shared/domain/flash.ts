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
