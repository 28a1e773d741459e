/** Files of the data directory beside the database: keys and the enrolment token. */
export { readOrCreatePrivateText, readPrivateText } from './private-file.ts';
export { newToken, sameToken, enrolmentTokenOf, tokenHash } from './enrolment-token.ts';
