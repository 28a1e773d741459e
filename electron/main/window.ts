import { app, BrowserWindow, type Session } from 'electron';
import { HOME_URL } from './pages.ts';
import { MIN_SIZE, type WindowState } from './window-state.ts';

const RELOAD_AFTER_MS = 1000;
/** A window that is dragged is not stored at each step. */
const STORE_AFTER_MS = 500;

export interface WindowOptions {
  readonly preload: string;
  /** The pages of a window have a session of Chromium of their own, by which the host knows whose request it is. */
  readonly session: Session;
  readonly place: WindowState;
  /** Full screen, without a frame and without a way to other programs. */
  readonly isKiosk: boolean;
  readonly address: string;
  readonly onPlace: (place: WindowState) => void;
}

/** Opens a window. Its page has no access to Node. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const { preload, session, place, isKiosk, address, onPlace } = options;
  const window = new BrowserWindow({
    ...place.bounds,
    minWidth: MIN_SIZE.width,
    minHeight: MIN_SIZE.height,
    show: false,
    kiosk: isKiosk,
    autoHideMenuBar: true,
    title: 'Gongwei 工位',
    webPreferences: {
      preload,
      session,
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
    if (place.isMaximized && !isKiosk) window.maximize();
    window.show();
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    // The station is in another process and was not affected.
    setTimeout(() => {
      if (!window.isDestroyed()) void window.loadURL(HOME_URL);
    }, RELOAD_AFTER_MS);
  });
  if (!isKiosk) reportPlace(window, onPlace);
  void window.loadURL(address);
  return window;
}

/** Reports where the window is, after it was moved or its size was changed, and when it closes. */
function reportPlace(window: BrowserWindow, onPlace: (place: WindowState) => void): void {
  let timer: NodeJS.Timeout | null = null;
  const report = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (!window.isDestroyed())
      onPlace({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  };
  const soon = (): void => {
    timer ??= setTimeout(report, STORE_AFTER_MS);
  };
  window.on('move', soon);
  window.on('resize', soon);
  window.on('maximize', soon);
  window.on('unmaximize', soon);
  window.on('close', report);
  window.on('closed', () => {
    if (timer !== null) clearTimeout(timer);
  });
}
