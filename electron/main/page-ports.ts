import { BrowserWindow, ipcMain, type IpcMainEvent, type WebContents } from 'electron';
import { PAGE_UPLOAD, PAGE_CONNECT, PAGE_FILE_PORT, PAGE_PORT } from '../ipc/index.ts';
import type { Core } from './core-process.ts';
import { isOurPage } from './pages.ts';

/**
 * Connects a page that requests it with the core, by a new channel. While the core is starting the page waits; it requests
 * another channel when its port has closed. A request for an upload is answered at once, also when there is no port.
 */
export function servePagePorts(core: Core): void {
  const waiting = new Set<WebContents>();

  ipcMain.on(PAGE_CONNECT, (event) => {
    if (!isFromOurPage(event)) return;
    waiting.add(event.sender);
    connectWaiting();
  });
  ipcMain.on(PAGE_UPLOAD, (event) => {
    if (!isFromOurPage(event)) return;
    const port = core.openUploadPort(event.sender.id);
    event.sender.postMessage(PAGE_FILE_PORT, null, port === null ? [] : [port]);
  });
  core.onReady(connectWaiting);

  function connectWaiting(): void {
    for (const contents of waiting) {
      // The window was closed meanwhile.
      if (contents.isDestroyed()) {
        waiting.delete(contents);
        continue;
      }
      const port = core.openPort(contents.id);
      if (port === null) return;
      waiting.delete(contents);
      contents.postMessage(PAGE_PORT, null, [port]);
    }
  }
}

/** Whether the sender is the main frame of one of our windows and shows our page. */
function isFromOurPage(event: IpcMainEvent): boolean {
  const frame = event.senderFrame;
  return (
    frame !== null &&
    frame === event.sender.mainFrame &&
    isOurPage(frame.url) &&
    BrowserWindow.fromWebContents(event.sender) !== null
  );
}
