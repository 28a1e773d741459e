/**
 * Electron's modules as far as main uses them: they record what they are given and can be made to happen. Behaviour
 * that matters here is kept: windows announce their contents, a child process ends with `exit`.
 */
import { EventEmitter } from 'node:events';

export interface Posted {
  readonly channel?: string;
  readonly message: unknown;
  readonly ports: readonly unknown[];
}

export const order: string[] = [];

class FakeApp extends EventEmitter {
  isPackaged = true;
  readonly paths: Record<string, string> = {};
  locked = true;
  ready = Promise.withResolvers<void>();
  setPath(name: string, path: string): void {
    this.paths[name] = path;
  }
  requestSingleInstanceLock(): boolean {
    order.push('lock');
    return this.locked;
  }
  enableSandbox(): void {
    order.push('sandbox');
  }
  whenReady(): Promise<void> {
    return this.ready.promise;
  }
  getVersion(): string {
    return '9.9.9';
  }
  getLocale(): string {
    return 'zh-CN';
  }
  getPath(name: string): string {
    return this.paths[name] ?? `/home/li/${name}`;
  }
  setAsDefaultProtocolClient(scheme: string): boolean {
    order.push(`scheme ${scheme}`);
    return true;
  }
  setAppUserModelId(id: string): void {
    order.push(`id ${id}`);
  }
  exit(status: number): void {
    order.push(`exit ${status}`);
  }
  quit(): void {
    order.push('quit');
    this.emit('before-quit');
    const event = { prevented: false, preventDefault: () => (event.prevented = true) };
    this.emit('will-quit', event);
    if (!event.prevented) order.push('gone');
  }
}
export const app = new FakeApp();

export class FakeContents extends EventEmitter {
  static made = 0;
  readonly id = (FakeContents.made += 1);
  readonly mainFrame = { url: '' };
  readonly posted: Posted[] = [];
  destroyed = false;
  isDestroyed(): boolean {
    return this.destroyed;
  }
  printed = 0;
  print(): void {
    this.printed += 1;
  }
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
  postMessage(channel: string, message: unknown, ports: unknown[]): void {
    this.posted.push({ channel, message, ports });
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = [];
  static getAllWindows(): BrowserWindow[] {
    return BrowserWindow.all;
  }
  static fromWebContents(contents: FakeContents): BrowserWindow | null {
    return BrowserWindow.all.find((window) => window.webContents === contents) ?? null;
  }
  readonly webContents = new FakeContents();
  readonly loaded: string[] = [];
  static focused: BrowserWindow | null = null;
  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.focused;
  }
  readonly options: { webPreferences: Record<string, unknown>; show?: boolean } & Partial<FakeBounds>;
  shown = false;
  maximized = false;
  minimized = false;
  bounds: FakeBounds;
  menu: FakeMenu | null = null;
  constructor(options: { webPreferences: Record<string, unknown> }) {
    super();
    this.options = options;
    this.bounds = { x: 0, y: 0, width: 0, height: 0, ...options };
    BrowserWindow.all.push(this);
    order.push('window');
    app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    this.webContents.mainFrame.url = url;
    return Promise.resolve();
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.minimized = false;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  getNormalBounds(): FakeBounds {
    const { x, y, width, height } = this.bounds;
    return { x, y, width, height };
  }
  setMenu(menu: FakeMenu | null): void {
    this.menu = menu;
  }
  isDestroyed(): boolean {
    return false;
  }
  focus(): void {
    order.push('focus');
  }
  close(): void {
    const event = { prevented: false, preventDefault: () => (event.prevented = true) };
    this.emit('close', event);
    if (event.prevented) return;
    order.push('closed');
    BrowserWindow.all.splice(BrowserWindow.all.indexOf(this), 1);
    this.emit('closed');
  }
  maximize(): void {
    this.maximized = true;
  }
  show(): void {
    this.shown = true;
  }
}

type Handler = (request: Request) => Promise<Response>;
export const handlers: Record<string, Handler> = {};
export const schemes: unknown[] = [];
export const protocol = {
  registerSchemesAsPrivileged(list: unknown[]): void {
    order.push('schemes');
    schemes.push(...list);
  },
  handle(scheme: string, handler: Handler): void {
    handlers[scheme] = handler;
  },
};

class FakeSession extends EventEmitter {
  readonly handlers: Record<string, Handler>;
  readonly protocol;
  constructor(own: Record<string, Handler>) {
    super();
    this.handlers = own;
    this.protocol = { handle: (scheme: string, handler: Handler): void => void (own[scheme] = handler) };
  }
  readonly set: Record<string, (...args: never[]) => unknown> = {};
  spellChecker = true;
  webRequest = {
    onBeforeRequest: (handler: (...args: never[]) => unknown): void => {
      this.set['beforeRequest'] = handler;
    },
  };
  setPermissionRequestHandler(handler: (...args: never[]) => unknown): void {
    this.set['permissionRequest'] = handler;
  }
  setPermissionCheckHandler(handler: (...args: never[]) => unknown): void {
    this.set['permissionCheck'] = handler;
  }
  setDevicePermissionHandler(handler: (...args: never[]) => unknown): void {
    this.set['devicePermission'] = handler;
  }
  setSpellCheckerEnabled(on: boolean): void {
    this.spellChecker = on;
  }
}
const partitions = new Map<string, FakeSession>();
export const session = {
  defaultSession: new FakeSession(handlers),
  fromPartition(name: string): FakeSession {
    const known = partitions.get(name) ?? new FakeSession({});
    partitions.set(name, known);
    return known;
  },
};

interface FakeBounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
/** The monitors, the primary one first. */
export const displays = [{ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } }];
export const screen = {
  getPrimaryDisplay: () => displays[0],
  getAllDisplays: () => displays,
};

interface FakeMenuItem {
  readonly label?: string;
  readonly accelerator?: string;
  readonly submenu?: readonly FakeMenuItem[];
  readonly click?: () => void;
}
export type FakeMenu = { readonly items: readonly FakeMenuItem[] };
export const trays: Tray[] = [];
export class Tray extends EventEmitter {
  menu: FakeMenu | null = null;
  constructor() {
    super();
    trays.push(this);
  }
  setToolTip(): void {
    /* Not of interest. */
  }
  setContextMenu(menu: FakeMenu): void {
    this.menu = menu;
  }
  destroy(): void {
    trays.splice(trays.indexOf(this), 1);
  }
}
export const nativeImage = {
  createFromPath: (path: string) => ({ path, resize: () => ({ path }) }),
};

export const ipcMain = new EventEmitter();
export const powerSaveBlocker = {
  start(kind: string): number {
    order.push(`power ${kind}`);
    return 1;
  },
};
export const Menu = {
  setApplicationMenu: (menu: unknown): void => void order.push(`menu ${String(menu)}`),
  buildFromTemplate: (items: readonly FakeMenuItem[]): FakeMenu => ({ items }),
};

export class FakeChild extends EventEmitter {
  readonly posted: Posted[] = [];
  readonly entry: string;
  readonly options: { env?: NodeJS.ProcessEnv };
  constructor(entry: string, options: { env?: NodeJS.ProcessEnv }) {
    super();
    this.entry = entry;
    this.options = options;
  }
  postMessage(message: unknown, ports: unknown[] = []): void {
    this.posted.push({ message, ports });
    this.emit('posted');
  }
  kill(): boolean {
    queueMicrotask(() => this.emit('exit', 1));
    return true;
  }
}
export const children: FakeChild[] = [];
export const forks = new EventEmitter();
export const utilityProcess = {
  fork(entry: string, _args: string[], options: { env?: NodeJS.ProcessEnv }): FakeChild {
    const child = new FakeChild(entry, options);
    children.push(child);
    order.push('fork');
    queueMicrotask(() => forks.emit('fork', child));
    return child;
  },
};

let channels = 0;
export class MessageChannelMain {
  readonly port1: string;
  readonly port2: string;
  constructor() {
    channels += 1;
    this.port1 = `core end ${channels}`;
    this.port2 = `page end ${channels}`;
  }
}

/** What the operating system was told to open; it refuses what has `broken` in its name. */
export const openedPaths: string[] = [];
export const shell = {
  openPath(path: string): Promise<string> {
    openedPaths.push(path);
    return Promise.resolve(path.includes('broken') ? 'no application' : '');
  },
};

/** A keychain that turns text around. */
export const keychain = { available: true, backend: 'gnome_libsecret' };
const turned = (bytes: Uint8Array): Buffer => Buffer.from(bytes).reverse();
export const safeStorage = {
  isAsyncEncryptionAvailable: (): Promise<boolean> => Promise.resolve(keychain.available),
  getSelectedStorageBackend: (): string => keychain.backend,
  encryptStringAsync: (text: string): Promise<Buffer> => Promise.resolve(turned(Buffer.from(text))),
  decryptStringAsync(bytes: Uint8Array): Promise<{ result: string }> {
    const result = turned(bytes).toString();
    if (!/^[A-Za-z0-9+/=]+$/.test(result)) return Promise.reject(new Error('not from this keychain'));
    return Promise.resolve({ result });
  },
};

interface Box {
  message: string;
  detail: string;
  buttons: string[];
}
export const asked: Box[] = [];
export const answers: number[] = [];
export const dialog = {
  showErrorBox(title: string, content: string): void {
    asked.push({ message: title, detail: content, buttons: [] });
  },
  showMessageBox(...args: (BrowserWindow | Box)[]): Promise<{ response: number }> {
    asked.push(args.at(-1) as Box);
    return Promise.resolve({ response: answers.shift() ?? 1 });
  },
};

export const told: { title: string; body: string }[] = [];
export class Notification {
  static isSupported(): boolean {
    return true;
  }
  readonly options: { title: string; body: string };
  constructor(options: { title: string; body: string }) {
    this.options = options;
  }
  show(): void {
    told.push(this.options);
  }
}
