import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type App, BrowserWindow, Menu, protocol, session } from 'electron';
import { createCore } from './core-process.ts';
import { guardContents, guardSession } from './guards.ts';
import { hasKeychain } from './keychain.ts';
import { readOptions } from './options.ts';
import { lendPorts } from './page-ports.ts';
import { PAGES_SCHEME, servePages } from './pages.ts';
import { askWhatNow, tellRestart } from './notices.ts';
import { openWindow } from './window.ts';

/** From launch to quit. Nothing here knows what a station is: that lives behind the core's process. */
export function runDesktop(app: App): void {
  const options = readOptions(process.argv, process.env, process.platform);
  // The browser's own files, and with them the single-instance lock, belong to the data directory.
  app.setPath('userData', join(options.dataDir, 'window'));
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
    start: async () => ({
      t: 'start',
      dataDir: options.dataDir,
      slots: [...options.slots],
      ble: options.ble,
      appVersion: app.getVersion(),
      keychain: await hasKeychain(),
    }),
    onRestart: () => tellRestart(app.getLocale()),
    onFailed: (failure) => {
      void askWhatNow(failure, app.getLocale()).then((again) => (again ? core.start() : app.quit()));
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
    if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
    const pages = join(bundles, '../renderer');
    if (!existsSync(join(pages, 'index.html')))
      throw new Error(`there are no built pages in ${pages}; run: npm run build`);
    guardSession(session.defaultSession);
    servePages(session.defaultSession.protocol, pages);
    lendPorts(core);
    core.start();
    openWindow(join(bundles, 'preload/index.cjs'));
  });
}
