/** For files that cross between this computer and the station: never as messages, only by id. */
export { FILE_TRANSFER, type FileTransfer, type Upload, useFileTransfer } from './file-transfer.ts';
export { chooseTransfer } from './choose-transfer.ts';
