/** Files of the data directory beside the database: keys, the enrolment token, and what stations upload. */
export { readOrCreatePrivateText, readPrivateText } from './private-file.ts';
export { type Chunk, requireNextChunk, wrongOffset } from './chunk.ts';
export { type ContentFiles, createContentFiles } from './content-files.ts';
export { newToken, sameToken, enrolmentTokenOf, tokenHash } from './enrolment-token.ts';
