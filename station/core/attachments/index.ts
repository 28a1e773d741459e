/** The files that belong to runs: they are stored before their records, and verified against them. */
export { AttachmentFiles, openAttachments } from './attachment-files.ts';
export { type NoContent, readAttachment } from './read-attachment.ts';
export { maskContent } from './mask-content.ts';
export { type DamagedAttachment, type AttachmentsReport, verifyAttachments } from './verify-attachments.ts';
