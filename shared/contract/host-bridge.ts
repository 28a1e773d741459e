/**
 * How a page inside a desktop window gets its wire to the station. Nothing but a MessagePort crosses: the page sees
 * no host API, and the host sees no page API.
 *
 * The host's part (preload, isolated world):
 *   1. expose `{ connect }` under `HOST_BRIDGE` (contextBridge.exposeInMainWorld);
 *   2. on `connect()`, ask the host for one end of a fresh MessageChannel whose other end is being served;
 *   3. when it arrives, hand it over: `window.postMessage(PORT_MESSAGE, '*', [port])`. contextBridge cannot carry a
 *      MessagePort, window.postMessage can, and the page checks that the message comes from its own window.
 *      (`'*'` because the page's origin is opaque when it is loaded from disk; the message never leaves the window.)
 *
 * The page may call `connect()` again whenever its port has closed (the core was restarted): each call, one new port.
 * When the host cannot give one it stays silent; the page tries again by itself.
 */
export const HOST_BRIDGE = 'gongwei';
export const PORT_MESSAGE = 'gongwei:port';
/** The same for a file: after each `openUploadPort()` one such message, without a port when there is no station to take it. */
export const FILE_PORT_MESSAGE = 'gongwei:file-port';

export interface HostBridge {
  /** Asks for a port; it comes as a `PORT_MESSAGE` message on the window. */
  connect(): void;
  /** Asks for a port over which the page sends one file (`shared/files`); it comes as a `FILE_PORT_MESSAGE`. */
  openUploadPort(): void;
}
