import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { openBrowser } from '../renderer/support/browser.ts';
import { openKiosk } from './open-kiosk.ts';

const PAGES = join(import.meta.dirname, '../../out/renderer');

describe('in a real browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    await ensureBundle('pages');
    browser = await openBrowser();
  }, 120_000);
  afterAll(() => browser.close());

  test('the link opens the built page, which needs nothing that the policy forbids and dials its wire', async () => {
    const dialled = Promise.withResolvers<void>();
    await using it = await openKiosk({ rendererDir: PAGES, station: { serve: () => dialled.resolve() } });
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(it.kiosk.url);
    expect(page.url()).toBe(`${it.origin}/`);
    await dialled.promise;
    await expect.poll(() => page.locator('#app').innerText()).not.toBe('');
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => document.cookie)).toBe('');

    const again = await page.reload();
    expect(again?.status()).toBe(200);
    await context.close();
  });

  test('the used link opens nothing in another browser', async () => {
    await using it = await openKiosk({ rendererDir: PAGES });
    const [first, second] = [await browser.newContext(), await browser.newContext()];
    await (await first.newPage()).goto(it.kiosk.url);
    const other = await second.newPage();
    // An empty refusal: the browser has nothing to show but its own error page.
    await expect(other.goto(it.kiosk.url)).rejects.toThrow('ERR_HTTP_RESPONSE_CODE_FAILURE');
    await Promise.all([first.close(), second.close()]);
  });

  test('a page of another origin in the same browser, session and all, reaches nothing', async () => {
    let served = 0;
    await using it = await openKiosk({ rendererDir: PAGES, station: { serve: () => (served += 1) } });
    const context = await browser.newContext();
    const home = await context.newPage();
    await home.goto(it.kiosk.url);
    await expect.poll(() => served).toBe(1);
    await home.goto('about:blank');

    // Another port of this computer is the nearest that a stranger's page can come: same site, other origin.
    const evil = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>evil</title>');
    });
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    try {
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
      const reached = await page.evaluate(async (origin) => {
        const wire = new Promise<string>((resolve) => {
          const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws`);
          socket.onopen = () => resolve('open');
          socket.onerror = () => resolve('refused');
        });
        const read = fetch(`${origin}/`, { credentials: 'include' }).then(
          () => 'read',
          () => 'refused',
        );
        const frame = new Promise<string>((resolve) => {
          const element = document.createElement('iframe');
          element.src = `${origin}/`;
          element.onload = () => resolve(element.contentDocument === null ? 'opaque' : 'readable');
          document.body.append(element);
        });
        const script = new Promise<string>((resolve) => {
          const element = document.createElement('script');
          element.src = `${origin}/index.html`;
          element.onload = () => resolve('loaded');
          element.onerror = () => resolve('refused');
          document.body.append(element);
        });
        return { wire: await wire, read: await read, frame: await frame, script: await script };
      }, it.origin);
      expect(reached).toEqual({ wire: 'refused', read: 'refused', frame: 'opaque', script: 'refused' });
      expect(served).toBe(1);
    } finally {
      evil.closeAllConnections();
      evil.close();
      await context.close();
    }
  });
});
