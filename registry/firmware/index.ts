/**
 * This module is for firmware: taking it from stations in pieces that may be cut off at any byte, believing nothing but
 * its hash, and giving it to devices while it is online.
 */
export { createFirmwareStore, type FirmwareStore } from './firmware-store.ts';
export { createDownloadPass, type DownloadPass } from './download-pass.ts';
export { chooseRange, type ByteRange } from './choose-range.ts';
