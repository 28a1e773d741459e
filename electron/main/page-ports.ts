import { BrowserWindow, ipcMain, type IpcMainEvent, type WebContents } from 'electron';
import { PAGE_UPLOAD, PAGE_CONNECT, PAGE_FILE_PORT, PAGE_PORT } from '../link/index.ts';
import type { Core } from './core-process.ts';
import { isOurPage } from './pages.ts';

/**
 * Gives a page that asks one end of a fresh channel, and the core the other. While the core is starting the page
 * waits; it asks again by itself when its port has closed. A page with a file in hand is told at once that there is no
 * port: its person may try again.
 */
export function servePagePorts(core: Core): void {
  const waiting = new Set<WebContents>();

  ipcMain.on(PAGE_CONNECT, (event) => {
    if (!isFromOurPage(event)) return;
    waiting.add(event.sender);
    lend();
  });
  ipcMain.on(PAGE_UPLOAD, (event) => {
    if (!isFromOurPage(event)) return;
    const port = core.openFilePort(event.sender.id);
    event.sender.postMessage(PAGE_FILE_PORT, null, port === null ? [] : [port]);
  });
  core.onReady(lend);

  function lend(): void {
    for (const contents of waiting) {
      // Its window was closed while it waited.
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

/** The main frame of one of our windows, on our page: nobody else speaks for an operator. */
function isFromOurPage(event: IpcMainEvent): boolean {
  const frame = event.senderFrame;
  return (
    frame !== null &&
    frame === event.sender.mainFrame &&
    isOurPage(frame.url) &&
    BrowserWindow.fromWebContents(event.sender) !== null
  );
}
