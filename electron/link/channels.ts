/** The two IPC channels between a window's preload and main; there are no others. */
export const PAGE_CONNECT = 'gongwei:connect';
export const PAGE_PORT = 'gongwei:port';
