/** Firmware packages: reads and checks them, stores them by hash, and uploads them to the registry. */
export { createFirmware, type Firmware, type FirmwareOptions } from './firmware.ts';
export {
  createFirmwareContents,
  type FirmwareContent,
  type FirmwareContents,
  requireFirmwareFiles,
} from './firmware-contents.ts';
export { parseFieldMap } from './field-map.ts';
export { type FlashSources, readFlashFiles } from './read-flash-files.ts';
export { firmwareHandlers } from './handlers.ts';
export { readFirmware } from './read-firmware.ts';
