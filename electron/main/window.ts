import { app, BrowserWindow } from 'electron';
import { HOME_URL } from './pages.ts';

const RELOAD_AFTER_MS = 1000;

/** Opens the only window. Its page has no access to Node. */
export function openWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 800,
    minHeight: 480,
    show: false,
    autoHideMenuBar: true,
    title: 'Gongwei 工位',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
      // Clock and sounds of the page continue while another window is in front.
      backgroundThrottling: false,
      autoplayPolicy: 'no-user-gesture-required',
    },
  });
  window.once('ready-to-show', () => {
    window.maximize();
    window.show();
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    // The station is in another process and was not affected.
    setTimeout(() => {
      if (!window.isDestroyed()) void window.loadURL(HOME_URL);
    }, RELOAD_AFTER_MS);
  });
  void window.loadURL(HOME_URL);
  return window;
}
