/** Uploads and downloads. The contract passes their ids only. */
export { FILE_TRANSFER, type FileTransfer, type Upload, useFileTransfer } from './file-transfer.ts';
export { chooseTransfer } from './choose-transfer.ts';
