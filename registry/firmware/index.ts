/** Firmware: stations upload it in chunks, its hash is verified, and devices download it while it is online. */
export { createFirmwareStore, type FirmwareStore } from './firmware-store.ts';
export { createDownloadUrlSigner, type DownloadUrlSigner } from './download-url-signer.ts';
export { chooseRange, type ByteRange } from './choose-range.ts';
