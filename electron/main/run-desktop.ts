import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type App, BrowserWindow, Menu, powerSaveBlocker, protocol, session } from 'electron';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { confirmClosing } from './confirm-closing.ts';
import { findForbiddenStart, withoutRuntimeVariables } from './start-check.ts';
import { type Core, createCore } from './core-process.ts';
import { guardDownloads } from './guard-downloads.ts';
import { guardContents, guardSession } from './guards.ts';
import { hasKeychain } from './keychain.ts';
import { scriptRuntime } from './script-runtime.ts';
import { readOptions } from './options.ts';
import { servePagePorts } from './page-ports.ts';
import { createPageHandler, PAGES_SCHEME, SCHEME } from './pages.ts';
import {
  askToStop,
  askToRetry,
  showIncomplete,
  notifyLostFile,
  showRefused,
  notifyRestart,
} from './notices.ts';
import { openWindow } from './window.ts';

/** The name by which Windows groups our notifications; the same as in electron-builder.yml. */
const APP_ID = 'io.gongwei.station';

/** Runs the desktop from launch to quit. The station itself runs in the core's process. */
export function runDesktop(app: App): void {
  // A program that runs from its sources accepts every argument, for developers and tests.
  const forbidden = app.isPackaged ? findForbiddenStart(process.argv.slice(1), process.env) : null;
  if (forbidden !== null) {
    showRefused(app.getLocale(), forbidden);
    app.exit(2);
    return;
  }
  const options = readOptions(process.argv, process.env, hostSystem().platform);
  // Chromium's files, the single-instance lock among them, are in the data directory.
  app.setPath('userData', join(options.dataDir, 'window'));
  app.setAppUserModelId(APP_ID);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([PAGES_SCHEME]);
  app.on('web-contents-created', (_event, contents) => guardContents(contents));

  const bundles = join(import.meta.dirname, '..');
  const core = createCore({
    entry: join(bundles, 'core/index.js'),
    env: {
      ...(app.isPackaged ? withoutRuntimeVariables(process.env) : process.env),
      ...scriptRuntime(app.isPackaged ? process.resourcesPath : null, hostSystem().platform),
    },
    start: async () => ({
      t: 'start',
      dataDir: options.dataDir,
      slots: [...options.slots],
      ble: options.ble,
      board: options.board,
      sampleLine: options.sampleLine,
      appVersion: app.getVersion(),
      keychain: await hasKeychain(),
    }),
    onRestart: () => notifyRestart(app.getLocale()),
    onFailed: (failure) => {
      void askToRetry(failure, app.getLocale()).then((again) => (again ? core.start() : app.quit()));
    },
  });

  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });
  app.on('window-all-closed', () => app.quit());
  let stopped = false;
  app.on('will-quit', (event) => {
    if (stopped) return;
    // The program ends after the station has closed its database.
    event.preventDefault();
    void core.stop().then(() => {
      stopped = true;
      app.quit();
    });
  });

  void app.whenReady().then(() => {
    const pages = join(bundles, '../renderer');
    if (!existsSync(join(pages, 'index.html'))) {
      showIncomplete(app.getLocale(), `there are no built pages in ${pages}; run: npm run build`);
      app.exit(3);
      return;
    }
    openDesktop(app, core, pages, join(bundles, 'preload/index.cjs'));
  });
}

function openDesktop(app: App, core: Core, pages: string, preload: string): void {
  if (hostSystem().kind !== 'macos') Menu.setApplicationMenu(null);
  // The page is read from a distance and runs for hours without a key; a computer that sleeps loses its units.
  powerSaveBlocker.start('prevent-display-sleep');
  const { defaultSession } = session;
  guardSession(defaultSession);
  guardDownloads(defaultSession, {
    isOurs: (contents) => BrowserWindow.fromWebContents(contents) !== null,
    folder: () => app.getPath('downloads'),
    onLost: (name) => notifyLostFile(app.getLocale(), name),
  });
  // The program has one window only, so that a request comes from it.
  const find = async (fileId: string) => {
    const [window] = BrowserWindow.getAllWindows();
    return window === undefined ? null : core.findFile(window.webContents.id, fileId);
  };
  defaultSession.protocol.handle(SCHEME, createPageHandler(pages, find));
  servePagePorts(core);
  core.start();
  const window = openWindow(preload);
  let quitting = false;
  app.on('before-quit', () => (quitting = true));
  confirmClosing(window, {
    runs: () => core.runs(),
    quitting: () => quitting,
    ask: (runs) => askToStop(window, runs, app.getLocale()),
  });
}
