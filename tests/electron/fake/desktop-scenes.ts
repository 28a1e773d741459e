import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, type Load, ready, settled } from './acts.ts';
import * as electron from './electron.ts';

const dataDir = (): string => (process.argv[1] ?? '').slice('--data='.length);
const stateFile = (): string => join(dataDir(), 'window/windows.json');
const stored = (): unknown => JSON.parse(readFileSync(stateFile(), 'utf8'));

function store(state: object): void {
  mkdirSync(join(dataDir(), 'window'), { recursive: true });
  writeFileSync(stateFile(), JSON.stringify(state));
}

/** What a person sees of the open windows. */
const windows = () =>
  electron.BrowserWindow.all.map((window) => {
    window.emit('ready-to-show');
    const { kiosk } = window.options as { kiosk?: boolean };
    return { ...window.getNormalBounds(), maximized: window.maximized, kiosk, at: window.loaded.at(-1) };
  });

const SECOND = { id: 2, workArea: { x: 1920, y: 0, width: 2560, height: 1400 } };

/** Scenes of windows, links, menu, tray and notifications. */
export const DESKTOP_SCENES: Readonly<Record<string, (load: Load) => Promise<unknown>>> = {
  /** Both windows were open on the second monitor, which is gone. */
  async lostMonitor(load) {
    const bounds = { x: 3000, y: 500, width: 1200, height: 700 };
    store({
      line: { bounds, isMaximized: false },
      office: { bounds: { x: -50, y: 700, width: 900, height: 600 }, isMaximized: false },
      isOfficeOpen: true,
    });
    await launch(load);
    return windows();
  },

  async places(load) {
    electron.displays.push(SECOND);
    const { window } = await launch(load);
    const first = windows();
    // A page asks for a window of its own, on the other monitor; other addresses are refused.
    window.webContents.openHandler?.({ url: 'https://evil.example/' });
    window.webContents.openHandler?.({ url: 'app://gongwei/#/batches' });
    const both = windows();
    const [, office] = electron.BrowserWindow.all;
    if (office === undefined) throw new Error('there is no office window');
    const own = (office.options.webPreferences['session'] as { handlers: object }).handlers;
    window.maximized = false;
    window.bounds = { x: 10, y: 20, width: 1000, height: 700 };
    window.emit('resize');
    window.emit('close', { preventDefault: () => undefined });
    const afterResize = stored();
    office.close();
    const withoutOffice = stored();
    return { first, both, ownFiles: Object.keys(own), afterResize, withoutOffice };
  },

  async endsTogether(load) {
    const { window } = await launch(load);
    window.webContents.openHandler?.({ url: 'app://gongwei/#/back-office' });
    window.close();
    return { quits: electron.order.includes('quit'), stored: stored() };
  },

  async kiosk(load) {
    const { window } = await launch(load);
    window.webContents.openHandler?.({ url: 'app://gongwei/#/batches' });
    return windows();
  },

  async links(load) {
    await launch(load);
    const addresses = (): (string | undefined)[] =>
      electron.BrowserWindow.all.map(({ loaded }) => loaded.at(-1));
    const started = addresses();
    electron.app.emit('second-instance', {}, ['gongwei', 'gongwei://unit/SN%2002/']);
    const second = addresses();
    electron.app.emit('open-url', { preventDefault: () => undefined }, 'gongwei://unit/dev_7');
    const opened = addresses();
    for (const bad of ['gongwei://retire/dev_7', 'https://evil.example/', 'gongwei://unit/%00'])
      electron.app.emit('second-instance', {}, ['gongwei', bad]);
    return { started, second, opened, afterBad: addresses(), focus: electron.order.at(-1) };
  },

  async frame(load) {
    const { window, child } = await launch(load);
    ready(child);
    const titles = (menu: electron.FakeMenu | null | undefined) => menu?.items.map(({ label }) => label);
    window.webContents.openHandler?.({ url: 'app://gongwei/#/batches' });
    const [, office] = electron.BrowserWindow.all;
    const before = { office: titles(office?.menu), tray: titles(electron.trays[0]?.menu) };
    child.emit('message', { t: 'language', language: 'en' });
    const after = { office: titles(office?.menu), tray: titles(electron.trays[0]?.menu) };
    const notice = { kind: 'pool-low', productId: 'P1', available: 12 };
    electron.BrowserWindow.focused = window;
    child.emit('message', { t: 'notice', notice });
    const whileWatched = electron.told.length;
    electron.BrowserWindow.focused = null;
    child.emit('message', { t: 'notice', notice });
    child.emit('message', {
      t: 'notice',
      notice: { kind: 'job-ended', job: 'upload', title: 'lamp 1.2', succeeded: false },
    });
    office?.menu?.items[0]?.submenu?.[0]?.click?.();
    await settled();
    return {
      before,
      after,
      lineMenu: window.menu,
      trays: electron.trays.length,
      whileWatched,
      told: electron.told,
      printed: office?.webContents.printed,
    };
  },
};
