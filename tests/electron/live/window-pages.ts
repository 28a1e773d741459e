import type { Browser, BrowserContext, Page } from 'playwright-core';
import { addPressKey } from '../../kit/press-key.ts';

/** Pages of Chromium cannot have a scheme of their own here: `app://gongwei` is this origin for them. */
const PAGE_ORIGIN = 'https://gongwei';
const APP_ORIGIN = 'app://gongwei';

export const toPage = (url: string): string => url.replace(APP_ORIGIN, PAGE_ORIGIN);
export const toApp = (url: string): string => url.replace(PAGE_ORIGIN, APP_ORIGIN);

/** What the host has set for a session of Chromium. */
export interface SessionRules {
  readonly handlers: Readonly<Record<string, (request: Request) => Promise<Response>>>;
  readonly set: Readonly<Record<string, (...args: never[]) => unknown>>;
}

/** What the scripts of a page say to the host. */
export interface PageCalls {
  /** A document begins: the ports of the one before it have ended. */
  begin(): void;
  send(channel: string): void;
  post(id: number, text: string): void;
  close(id: number): void;
  openWindow(url: string): void;
}

/** A context of the browser whose every request is answered by the handler of the session, or refused by its guard. */
export async function openContext(
  browser: Browser,
  rules: SessionRules,
  locale: string,
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale });
  await context.route('**/*', async (route) => {
    const request = route.request();
    const url = toApp(request.url());
    const guard = rules.set['beforeRequest'] as
      | ((details: { url: string }, answer: (choice: { cancel: boolean }) => void) => void)
      | undefined;
    const isRefused = await new Promise<boolean>((resolve) => {
      if (guard === undefined) resolve(false);
      else guard({ url }, ({ cancel }) => resolve(cancel));
    });
    const handler = rules.handlers[new URL(url).protocol.slice(0, -1)];
    if (isRefused || handler === undefined) return route.abort('blockedbyclient');
    const headers = Object.entries(await request.allHeaders()).filter(([name]) => !name.startsWith(':'));
    const asked = new Request(url, {
      method: request.method(),
      headers: headers.map(([name, value]) => [name, toApp(value)] as [string, string]),
    });
    const answer = await handler(asked);
    return route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    });
  });
  return context;
}

/** Opens a page with the built preload and what it needs of Electron: `contextBridge`, `ipcRenderer` and ports. */
export async function openPage(context: BrowserContext, preload: string, calls: PageCalls): Promise<Page> {
  const page = await context.newPage();
  await addPressKey(page);
  await page.exposeFunction('desktopBegin', calls.begin);
  await page.exposeFunction('desktopSend', calls.send);
  await page.exposeFunction('desktopPost', calls.post);
  await page.exposeFunction('desktopClose', calls.close);
  await page.exposeFunction('desktopOpen', calls.openWindow);
  await page.addInitScript({ content: preloadHost(preload) });
  return page;
}

/** A message for the page, as its scripts read it: bytes are base64. */
export const encode = (message: unknown): string =>
  JSON.stringify(message, (_, value: unknown) =>
    value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('base64') } : value,
  );

export const decode = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) =>
    typeof value === 'object' && value !== null && '$bytes' in value
      ? new Uint8Array(Buffer.from(String(value.$bytes), 'base64'))
      : value,
  );

/** From the host to the scripts of a page: a message of main with ports, a message to a port, the end of a port. */
export type PageMessage =
  | { readonly channel: string; readonly ports: readonly number[] }
  | { readonly id: number; readonly text: string }
  | { readonly id: number };

declare global {
  /** In a page: receives what the host says, in order. */
  function desktopReceive(messages: readonly PageMessage[]): void;
}

/** The script that gives a document `require('electron')` of a preload, and runs the preload in it. */
function preloadHost(preload: string): string {
  return `(() => {
    if (window !== window.top) return;
    const listeners = new Map();
    const ends = new Map();
    const toBase64 = (bytes) => {
      let text = '';
      for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
      return btoa(text);
    };
    const encode = (message) => JSON.stringify(message, (_, value) =>
      value instanceof Uint8Array ? { $bytes: toBase64(value) } : value);
    const decode = (text) => JSON.parse(text, (_, value) =>
      value !== null && typeof value === 'object' && '$bytes' in value
        ? Uint8Array.from(atob(value.$bytes), (letter) => letter.charCodeAt(0)) : value);
    const ipcRenderer = {
      send: (channel) => void desktopSend(channel),
      on: (channel, listener) => void listeners.set(channel, listener),
    };
    const contextBridge = {
      exposeInMainWorld: (name, api) => Object.defineProperty(window, name, { value: Object.freeze(api) }),
    };
    const makePort = (id) => {
      const { port1, port2 } = new MessageChannel();
      ends.set(id, port2);
      port2.onmessage = ({ data }) => void desktopPost(id, encode(data));
      port2.addEventListener('close', () => void desktopClose(id));
      return port1;
    };
    globalThis.desktopReceive = (messages) => {
      for (const { channel, ports, id, text } of messages)
        if (channel !== undefined) listeners.get(channel)?.({ ports: ports.map(makePort) });
        else if (text !== undefined) ends.get(id)?.postMessage(decode(text));
        else {
          ends.get(id)?.close();
          ends.delete(id);
        }
    };
    void desktopBegin();
    window.open = (url) => void desktopOpen(String(new URL(url, location.href)));
    const require = () => ({ contextBridge, ipcRenderer });
    ${preload}
  })();`;
}
