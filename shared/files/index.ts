/**
 * This module is for a file on its way over a wire of its own, from a page in a desktop window to the station's process:
 * one wire, one file, never more of it in memory than the receiver has asked for. It is not the contract's wire, so
 * that no call waits behind a firmware package.
 */
export { type BroughtFile, CHUNK_BYTES, WINDOW_BYTES } from './frames.ts';
export { receiveFile, type TakeFile } from './receive-file.ts';
export { type FileSource, sendFile } from './send-file.ts';
