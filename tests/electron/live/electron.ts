/**
 * Electron's modules over real parts, where its runtime is not: a window is a page of Chromium with the built preload, the
 * core is a process of Node, and the ports between them carry messages. What a person sees outside of pages (menu, tray,
 * dialogs, notifications) is that of `../fake/electron.ts`. Not shown here: the sandbox and the isolated world of a preload.
 */
import { readFileSync } from 'node:fs';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { BrowserWindow as FakeWindow, app, ipcMain, order } from '../fake/electron.ts';
import { LiveUtilityProcess } from './core-process.ts';
import { CarriedPorts } from './ports.ts';
import {
  decode,
  encode,
  openContext,
  openPage,
  type PageMessage,
  type SessionRules,
  toApp,
  toPage,
} from './window-pages.ts';

export * from '../fake/electron.ts';

/** What the process of a test sets before main is loaded. */
export const desk: {
  browser: Browser | null;
  locale: string;
  /** Called when the program has ended, the core included. */
  onGone: () => void;
  /** Lets Electron become ready. */
  readonly launch: () => void;
} = {
  browser: null,
  locale: 'zh-CN',
  onGone: () => undefined,
  launch: () => app.ready.resolve(),
};

app.getLocale = () => desk.locale;
const quit = app.quit.bind(app);
app.quit = () => {
  quit();
  if (order.at(-1) === 'gone') desk.onGone();
};

const contexts = new Map<SessionRules, Promise<BrowserContext>>();
function contextOf(rules: SessionRules): Promise<BrowserContext> {
  if (desk.browser === null) throw new Error('the stand-in of Electron has no browser');
  const known = contexts.get(rules) ?? openContext(desk.browser, rules, desk.locale);
  contexts.set(rules, known);
  return known;
}

/** A window: a page of Chromium with the preload of its options, in the context of its session. */
export class BrowserWindow extends FakeWindow {
  /** The page, once it is open. */
  readonly page: Promise<Page>;
  readonly #ports: CarriedPorts;
  #nextId = 1;
  #waiting: PageMessage[] = [];
  #isFlushing = false;

  constructor(options: { webPreferences: Record<string, unknown> }) {
    super(options);
    const { session, preload } = options.webPreferences as { session: SessionRules; preload: string };
    this.#ports = new CarriedPorts((message) => {
      this.#say('data' in message ? { id: message.id, text: encode(message.data) } : { id: message.id });
    });
    this.page = this.#open(session, readFileSync(preload, 'utf8'));
    this.webContents.postMessage = (channel, _message, ports) => {
      const ids = ports.map(() => this.#nextId++);
      this.#say({ channel, ports: ids });
      for (const [index, port] of ports.entries()) this.#ports.carry(ids[index] ?? 0, port as MessagePort);
    };
    this.on('closed', () => {
      this.webContents.destroyed = true;
      this.#ports.closeAll();
      void this.page.then((page) => page.close());
    });
  }

  override async loadURL(url: string): Promise<void> {
    await super.loadURL(url);
    const page = await this.page;
    await page.goto(toPage(url));
    this.emit('ready-to-show');
  }

  async #open(session: SessionRules, preload: string): Promise<Page> {
    const contents = this.webContents;
    const page = await openPage(await contextOf(session), preload, {
      begin: () => this.#ports.closeAll(),
      send: (channel) => void ipcMain.emit(channel, { sender: contents, senderFrame: contents.mainFrame }),
      post: (id, text) => this.#ports.receive({ id, data: decode(text) }),
      close: (id) => this.#ports.receive({ id, closed: true }),
      openWindow: (url) => void contents.openHandler?.({ url: toApp(url) }),
    });
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) contents.mainFrame.url = toApp(frame.url());
    });
    return page;
  }

  #say(message: PageMessage): void {
    this.#waiting.push(message);
    void this.#flush();
  }

  /** Messages to the page in their order, as many at once as there are. */
  async #flush(): Promise<void> {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    const page = await this.page;
    while (this.#waiting.length > 0 && !page.isClosed()) {
      const messages = this.#waiting.splice(0);
      // A page that is leaving has no ports any more.
      await page.evaluate((all) => desktopReceive(all), messages).catch(() => undefined);
    }
    this.#isFlushing = false;
  }
}

export const MessageChannelMain = MessageChannel;

export const utilityProcess = {
  fork: (entry: string, _args: string[], { env }: { env?: NodeJS.ProcessEnv }): LiveUtilityProcess =>
    new LiveUtilityProcess(entry, env ?? process.env),
};
