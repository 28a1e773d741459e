import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { webSocketTransport } from '#shared/rpc/index.ts';
import { changeSlot, finish } from '../../renderer/dev/answers/slots.ts';
import { runningSlot } from '../../renderer/dev/fixtures/slots.ts';
import { openScene } from '../../renderer/dev/open-scene.ts';
import { sharedBrowser } from '../kit/browser.ts';
import { type BuiltPages, servePages } from './support/built-pages.ts';
import { addPressKey } from '../kit/press-key.ts';
import { scanKeys, scannedLine } from '../kit/scan-keys.ts';
import { eventually } from './support/dev-pages.ts';

let pages: BuiltPages;
let browser: Browser;

beforeAll(async () => {
  [pages, browser] = await Promise.all([servePages('pages'), sharedBrowser()]);
});
afterAll(async () => {
  await pages[Symbol.asyncDispose]();
});

it('works over a WebSocket under a strict policy, reconnects by itself and sounds only after a touch', async () => {
  const station = openScene('ready', { slots: 2 });
  const sockets = new WebSocketServer({ server: pages.server, path: '/ws' });
  sockets.on('connection', (socket) => station.serve(webSocketTransport(socket)));
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await addPressKey(page);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.addInitScript(() => {
      const heard: number[] = [];
      Object.assign(window, { heard });
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error('policy', event.violatedDirective),
      );
      const { start } = OscillatorNode.prototype;
      OscillatorNode.prototype.start = function (when) {
        heard.push(this.frequency.value);
        start.call(this, when);
      };
    });
    await page.goto(pages.url);
    await page.getByTestId('slot-2').waitFor();
    const heard = (): Promise<number[]> =>
      page.evaluate(() => (window as unknown as { heard: number[] }).heard);

    changeSlot(station, 2, runningSlot(2, Date.now()));
    finish(station, 2, 'FAIL', 'device-silent');
    await eventually(() => page.getByTestId('slot-2').getAttribute('data-outcome')).toBe('FAIL');
    expect(await heard()).toEqual([]);

    // Sound needs a gesture, which only a real key is.
    await page.keyboard.press('Shift');
    await scanKeys(page, scannedLine('SN1'));
    await eventually(() => page.getByTestId('slot-1').getAttribute('data-state')).toBe('running');
    finish(station, 1, 'PASS');
    await eventually(async () => (await heard()).length).toBe(2);

    for (const socket of sockets.clients) socket.terminate();
    changeSlot(station, 2, { state: 'ready', acknowledged: true, run: null });
    await eventually(() => page.getByTestId('slot-2').getAttribute('data-state')).toBe('ready');
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
    sockets.close();
  }
});
