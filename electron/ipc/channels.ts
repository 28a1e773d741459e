/** The IPC channels between a window's preload and main; there are no others. These two request and deliver a port for the contract. */
export const PAGE_CONNECT = 'gongwei:connect';
export const PAGE_PORT = 'gongwei:port';
/** These two request and deliver a port for one upload. */
export const PAGE_UPLOAD = 'gongwei:upload';
export const PAGE_FILE_PORT = 'gongwei:file-port';
