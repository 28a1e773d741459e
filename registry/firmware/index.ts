/** Firmware: stations upload it in chunks, its hash is verified, and devices download it while it is online. */
export { createFirmwareStore, type FirmwareStore } from './firmware-store.ts';
export { createDownloadPass, type DownloadPass } from './download-pass.ts';
export { chooseRange, type ByteRange } from './choose-range.ts';
