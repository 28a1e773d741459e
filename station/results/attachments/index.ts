/** The attachments of runs for pages, commands and reports. */
export { attachmentFile, attachmentHandlers } from './handlers.ts';
export { findAttachment, listAttachments } from './list-attachments.ts';
