/** What the data directory holds, the tidying of recordings, and the trust in the clock, for pages. */
export { storageHandlers } from './handlers.ts';
export { AttachmentRetention } from './attachment-retention.ts';
