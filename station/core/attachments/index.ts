/** The files that belong to runs: they are stored before their records, and verified against them. */
export { AttachmentFiles, openAttachments } from './attachment-files.ts';
export { attachmentPaths, type NoContent, readAttachment } from './read-attachment.ts';
export { maskContent } from './mask-content.ts';
export { type DamagedAttachment, type AttachmentsReport, verifyAttachments } from './verify-attachments.ts';
