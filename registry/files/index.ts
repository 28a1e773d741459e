/** This module is for what lies in the data directory beside the database: keys and the station token. */
export { readOrCreatePrivateFile, readPrivateFile } from './private-file.ts';
export { sameToken, stationTokenOf } from './station-token.ts';
