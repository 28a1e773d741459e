/** For files that cross between this computer and the station: never as messages, only by id. */
export { FILE_CARRIER, type FileCarrier, type SentFile, useFileCarrier } from './file-transfer.ts';
export { chooseCarrier } from './choose-transfer.ts';
