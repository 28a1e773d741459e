/**
 * How a page in a desktop window connects to the station. Only a MessagePort is exchanged: the page has no API of the host,
 * and the host no API of the page.
 *
 * The host's part (preload, isolated world):
 *   1. expose `{ connect }` under `HOST_BRIDGE` (contextBridge.exposeInMainWorld);
 *   2. on `connect()`, ask the host for one end of a fresh MessageChannel whose other end is being served;
 *   3. when it arrives, hand it over: `window.postMessage(PORT_MESSAGE, '*', [port])`. contextBridge cannot carry a
 *      MessagePort, window.postMessage can, and the page checks that the message comes from its own window.
 *      (`'*'` because the page's origin is opaque when it is loaded from disk; the message never leaves the window.)
 *
 * The page may call `connect()` again whenever its port has closed (the core was restarted): each call, one new port.
 * Without a station the host does not answer; the page tries again by itself.
 */
export const HOST_BRIDGE = 'gongwei';
export const PORT_MESSAGE = 'gongwei:port';
/** The same for a file: one message after each `openUploadPort()`, without a port when there is no station. */
export const FILE_PORT_MESSAGE = 'gongwei:file-port';

export interface HostBridge {
  /** Requests a port; it arrives as a `PORT_MESSAGE` message on the window. */
  connect(): void;
  /** Requests a port for one upload (`shared/files`); it arrives as a `FILE_PORT_MESSAGE`. */
  openUploadPort(): void;
}
