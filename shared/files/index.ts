/**
 * This module is for a file on its way over a wire of its own, from a page in a desktop window to the station's process:
 * one wire, one file, never more of it in memory than the receiver has asked for. It is not the contract's wire, so
 * that no call waits behind a firmware package.
 */
export { type Upload, CHUNK_BYTES, WINDOW_BYTES } from './frames.ts';
export { receiveUpload, type StoreUpload } from './receive-file.ts';
export { type FileSource, sendUpload } from './send-file.ts';
