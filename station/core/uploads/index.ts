/**
 * Files that pages upload. A file never crosses the contract's connection as a message: the host streams it here, over HTTP
 * in a browser and over a port of its own in a desktop window, and the page passes its id.
 */
export { MAX_UPLOAD_BYTES } from './upload-limits.ts';
export { UploadStore } from './upload-store.ts';
