/**
 * This module is for files that a page brings: they never cross the wire as messages. The host streams them here (or, on
 * a desktop, only says where they lie) and the page passes their ids.
 */
export { createFileDrop, type DroppedFile, type FileDrop, MAX_DROP_BYTES } from './file-drop.ts';
