import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type App, BrowserWindow, Menu, powerSaveBlocker, protocol, session } from 'electron';
import { askBeforeClosing } from './ask-before-closing.ts';
import { findForbiddenStart, withoutRuntimeVariables } from './close-doors.ts';
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

/** By this name Windows knows whose notices these are; as in electron-builder.yml. */
const APP_ID = 'io.gongwei.station';

/** From launch to quit. Nothing here knows what a station is: that lives behind the core's process. */
export function runDesktop(app: App): void {
  // Run from its sources it stays open, for developers and tests.
  const foreign = app.isPackaged ? findForbiddenStart(process.argv.slice(1), process.env) : null;
  if (foreign !== null) {
    showRefused(app.getLocale(), foreign);
    app.exit(2);
    return;
  }
  const options = readOptions(process.argv, process.env, process.platform);
  // The browser's own files, and with them the single-instance lock, belong to the data directory.
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
      ...scriptRuntime(app.isPackaged ? process.resourcesPath : null, process.platform),
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
    // The station closes its ledger first; then the program is gone.
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
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
  // A line is watched from 3 m and runs for hours without a touch; a computer that sleeps loses its units.
  powerSaveBlocker.start('prevent-display-sleep');
  const { defaultSession } = session;
  guardSession(defaultSession);
  guardDownloads(defaultSession, {
    isOurs: (contents) => BrowserWindow.fromWebContents(contents) !== null,
    folder: () => app.getPath('downloads'),
    onLost: (name) => notifyLostFile(app.getLocale(), name),
  });
  // This session has one window, and nothing else can come to be in it: who asks sits there.
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
  askBeforeClosing(window, {
    runs: () => core.runs(),
    quitting: () => quitting,
    ask: (runs) => askToStop(window, runs, app.getLocale()),
  });
}
