/**
 * File upload from a page in a desktop window to the station's process. Each file has a connection of its own, so that no
 * call of the contract waits behind a firmware package. The receiver grants credit, which bounds the bytes in memory.
 */
export { type Upload, CHUNK_BYTES, WINDOW_BYTES } from './frames.ts';
export { receiveUpload, type StoreUpload } from './receive-file.ts';
export { type FileSource, sendUpload } from './send-file.ts';
