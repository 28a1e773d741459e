import { join } from 'node:path';
import { type App, BrowserWindow, screen, type Session, session } from 'electron';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { confirmClosing } from './confirm-closing.ts';
import type { Core } from './core-process.ts';
import { DesktopFrame } from './desktop-frame.ts';
import { DesktopWindows } from './desktop-windows.ts';
import { guardDownloads } from './guard-downloads.ts';
import { guardSession } from './guards.ts';
import { askToStop, notifyLostFile } from './notices.ts';
import type { DesktopOptions } from './options.ts';
import { servePagePorts } from './page-ports.ts';
import { createPageHandler, SCHEME } from './pages.ts';
import type { Monitor, WindowKind } from './window-state.ts';
import { openWindowStore } from './window-store.ts';

/** Files of the program. */
export interface DesktopFiles {
  /** The folder of the built pages. */
  readonly pages: string;
  readonly preload: string;
  readonly icon: string;
}

export interface Desktop {
  readonly windows: DesktopWindows;
  readonly frame: DesktopFrame;
}

/** Prepares windows, menu and tray; no window is open yet. Electron is ready. */
export function openDesktop(
  app: App,
  core: Core,
  { dataDir, isKiosk }: Pick<DesktopOptions, 'dataDir' | 'isKiosk'>,
  { pages, preload, icon }: DesktopFiles,
): Desktop {
  const sessions = new Map<WindowKind, Session>();
  /** The host knows the window of a request by its session. */
  function sessionOf(kind: WindowKind): Session {
    const known = sessions.get(kind);
    if (known !== undefined) return known;
    const created = kind === 'line' ? session.defaultSession : session.fromPartition(`persist:${kind}`);
    guardSession(created);
    guardDownloads(created, {
      isOurs: (contents) => BrowserWindow.fromWebContents(contents) !== null,
      folder: () => app.getPath('downloads'),
      onLost: (name) => notifyLostFile(app.getLocale(), name),
    });
    const find = async (fileId: string) => {
      const window = windows.get(kind);
      return window === null ? null : core.findFile(window.webContents.id, fileId);
    };
    created.protocol.handle(SCHEME, createPageHandler(pages, find));
    sessions.set(kind, created);
    return created;
  }

  let quitting = false;
  const windows: DesktopWindows = new DesktopWindows({
    preload,
    store: openWindowStore(join(dataDir, 'window', 'windows.json')),
    isKiosk,
    monitors,
    sessionOf,
    onOpened(window, kind) {
      if (kind === 'office') {
        frame.addOffice(window);
        return;
      }
      confirmClosing(window, {
        runs: () => core.runs(),
        quitting: () => quitting,
        ask: (runs) => askToStop(window, runs, app.getLocale()),
      });
    },
    onLineClosed() {
      // The office window alone would hide that the line has no page.
      windows.end();
      app.quit();
    },
  });
  app.on('before-quit', () => {
    quitting = true;
    windows.end();
  });
  const frame: DesktopFrame = new DesktopFrame({
    isMac: hostSystem().kind === 'macos',
    locale: app.getLocale(),
    icon,
    actions: {
      showLine: () => windows.showLine(),
      showOffice: () => windows.showOffice(),
      print: () => (BrowserWindow.getFocusedWindow() ?? windows.get('office'))?.webContents.print(),
      // Asks as the closing of the line window does.
      quit: () => (windows.get('line') ?? { close: () => app.quit() }).close(),
    },
  });
  servePagePorts(core);
  return { windows, frame };
}

/** The monitors now, the primary one first. */
function monitors(): Monitor[] {
  const primary = screen.getPrimaryDisplay();
  return [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)].map(
    ({ id, workArea }) => ({ id, workArea }),
  );
}
