/** Files of the data directory beside the database: keys and the enrolment token. */
export { readOrCreatePrivateFile, readPrivateFile } from './private-file.ts';
export { newToken, sameToken, stationTokenOf, tokenHash } from './station-token.ts';
