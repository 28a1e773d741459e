/** Signed documents: the balance of a batch, with which it is closed, and the birth certificate of a unit. */
export { createDocuments } from './create-documents.ts';
export { DocumentFiles, documentName } from './document-files.ts';
export { DocumentMaker, type Documents, type SignedDocument } from './documents.ts';
export { documentHandlers, MAX_SIGNED_FILE_BYTES } from './handlers.ts';
export type { BalanceNow } from './read-balance.ts';
