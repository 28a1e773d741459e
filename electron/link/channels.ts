/** The IPC channels between a window's preload and main; there are no others. A port for the contract: */
export const PAGE_CONNECT = 'gongwei:connect';
export const PAGE_PORT = 'gongwei:port';
/** A port for one file that the page brings: */
export const PAGE_UPLOAD = 'gongwei:bring';
export const PAGE_FILE_PORT = 'gongwei:file-port';
