/**
 * This module is for files that a page brings: they never cross the wire as messages. The host streams them here,
 * over HTTP in a browser and over a port of its own in a desktop window, and the page passes their ids.
 */
export { createUploadStore, type Upload, type UploadStore, MAX_UPLOAD_BYTES } from './upload-store.ts';
