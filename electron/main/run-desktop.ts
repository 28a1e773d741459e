import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type App, powerSaveBlocker, protocol } from 'electron';
import { LINK_SCHEME, unitOfLink } from '#shared/domain/unit-link.ts';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { findForbiddenStart, withoutRuntimeVariables } from './start-check.ts';
import { createCore } from './core-process.ts';
import { unitOfArguments } from './deep-link.ts';
import { guardContents } from './guards.ts';
import { hasKeychain } from './keychain.ts';
import { openInstaller } from './open-installer.ts';
import { scriptRuntime } from './script-runtime.ts';
import { readOptions } from './options.ts';
import { type Desktop, openDesktop } from './open-desktop.ts';
import { PAGES_SCHEME } from './pages.ts';
import { askToRetry, notifyRestart, showIncomplete, showRefused } from './notices.ts';

/** The name by which Windows groups our notifications; the same as in electron-builder.yml. */
const APP_ID = 'io.gongwei.station';

/** The page receives the answer in this time, before the program ends. */
const ANSWERED_MS = 1_000;

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
  let desktop: Desktop | null = null;
  app.on('web-contents-created', (_event, contents) =>
    guardContents(contents, (url) => desktop?.windows.showOffice(url)),
  );
  // Windows stores nothing at the installation; the other systems know it from the package.
  if (app.isPackaged && hostSystem().kind === 'windows') app.setAsDefaultProtocolClient(LINK_SCHEME);

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
    onNotice: (notice) => desktop?.frame.notify(notice),
    onLanguage: (chosen) => desktop?.frame.setLanguage(chosen),
    openInstaller: async (path) => {
      const isOpened = await openInstaller(path, options.dataDir);
      // An installer cannot replace a program that runs. The line window asks when units are tested after all.
      if (isOpened) setTimeout(() => desktop?.frame.quit(), ANSWERED_MS);
      return isOpened;
    },
    onRestart: () => notifyRestart(app.getLocale()),
    onFailed: (failure) => {
      void askToRetry(failure, app.getLocale()).then((again) => (again ? core.start() : app.quit()));
    },
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

  // A second start hands over its link and ends.
  app.on('second-instance', (_event, argv) => openLink(unitOfArguments(argv)));
  // macOS hands over the links of each start in this way.
  let early: string | null = options.unit;
  app.on('open-url', (event, url) => {
    event.preventDefault();
    const unit = unitOfLink(url);
    if (desktop === null) early = unit ?? early;
    else openLink(unit);
  });
  function openLink(unit: string | null): void {
    if (unit === null) desktop?.windows.showLine();
    else desktop?.windows.showUnit(unit);
  }

  void app.whenReady().then(() => {
    const pages = join(bundles, '../renderer');
    if (!existsSync(join(pages, 'index.html'))) {
      showIncomplete(app.getLocale(), `there are no built pages in ${pages}; run: npm run build`);
      app.exit(3);
      return;
    }
    // The page is read from a distance and runs for hours without a key; a computer that sleeps loses its units.
    powerSaveBlocker.start('prevent-display-sleep');
    desktop = openDesktop(app, core, options, {
      pages,
      preload: join(bundles, 'preload/index.cjs'),
      icon: join(bundles, '../../build/icon.png'),
    });
    core.start();
    desktop.windows.restore(early);
  });
}
