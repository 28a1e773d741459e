import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { Transport } from '#shared/rpc/index.ts';
import { openBrowser as openLinkInBrowser } from '../../cli/open-browser.ts';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { typeSignIn } from '../e2e/sign-in.ts';
import { sharedBrowser } from '../kit/browser.ts';
import { tempDir } from '../support/temp-dir.ts';
import { ask } from './ask.ts';
import { openKiosk } from './open-kiosk.ts';
import { stablePort } from '../support/stable-port.ts';
import { startStation, TEST_PIN } from '../kit/station.ts';
import { LONG } from '../support/depth.ts';

const PAGES = join(import.meta.dirname, '../../out/renderer');

describe('in a real browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    await ensureBundle('pages');
    browser = await sharedBrowser();
  });

  test('the link opens the built page, which needs nothing that the policy forbids and dials its wire', async () => {
    const dialled = Promise.withResolvers<void>();
    await using setup = await openKiosk({ rendererDir: PAGES, station: { serve: () => dialled.resolve() } });
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(setup.kiosk.url);
    await expect.poll(() => page.url()).toBe(`${setup.origin}/#/`);
    await dialled.promise;
    await expect.poll(() => page.locator('#app').innerText()).not.toBe('');
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => document.cookie)).toBe('');

    const again = await page.reload();
    expect(again?.status()).toBe(200);
    await context.close();
  });

  test('the used link opens nothing in another browser', async () => {
    await using setup = await openKiosk({ rendererDir: PAGES });
    const [first, second] = [await browser.newContext(), await browser.newContext()];
    await (await first.newPage()).goto(setup.kiosk.url);
    const other = await second.newPage();
    const refused = await other.goto(setup.kiosk.url);
    expect(refused?.status()).toBe(403);
    expect(refused?.headers()['content-security-policy']).toContain("default-src 'none'");
    const width = () => other.locator('body').evaluate((body) => getComputedStyle(body).maxWidth);
    expect(await width()).toBe('680px');
    for (const words of ['gongwei kiosk link', '请获取新链接', 'Get a new link'])
      expect(await other.locator('body').innerText()).toContain(words);
    await Promise.all([first.close(), second.close()]);
  });

  test.runIf(LONG)(
    'an address that opens nothing says how to come in, wherever it was opened, and again after a reload',
    async () => {
      using dir = tempDir('kiosk-refused');
      const dataDir = join(dir.path, '<data & more>');
      mkdirSync(dataDir);
      const linkCommand = `gongwei kiosk link --data '${dataDir}'`;
      const before = await openKiosk({ port: await stablePort(), rendererDir: PAGES, dataDir, linkCommand });
      const { origin } = before;
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(before.kiosk.url);
      const used = before.kiosk.url;
      // Somebody who is in and has an address from elsewhere comes home.
      await page.goto(`${origin}/batches/b-1`);
      await expect.poll(() => page.url()).toBe(`${origin}/#/`);
      await before[Symbol.asyncDispose]();
      await using after = await openKiosk({ rendererDir: PAGES, dataDir, linkCommand });
      // A bookmark finds the kiosk that was started again.
      expect(after.origin).toBe(origin);

      const list = join(dir.path, 'links.html');
      const targets = [
        `${origin}/`,
        used,
        `${origin}/?token=cut-of`,
        `${origin}/batches/b-1`,
        `${origin}/index.html`,
      ];
      writeFileSync(list, targets.map((target) => `<p><a href="${target}">x</a></p>`).join(''));
      const refused = async (open: () => Promise<unknown>): Promise<void> => {
        const answer = page.waitForResponse(
          (response) => response.request().isNavigationRequest() && response.url().startsWith(origin),
        );
        await open();
        expect((await answer).status()).toBe(403);
        await expect.poll(() => page.locator('h1').first().innerText()).toBe('用这个地址打不开工位');
        const text = await page.locator('body').innerText();
        expect(text).toContain(linkCommand);
        expect(text).not.toContain(new URL(used).searchParams.get('token'));
      };
      for (const [index, target] of targets.entries()) {
        await refused(() => page.goto(target));
        await refused(() => page.reload());
        // From a file or a chat: another site, which a reload remembers.
        await page.goto(`file://${list}`);
        await refused(() => page.locator('a').nth(index).click());
        await refused(() => page.reload());
      }
      // The way back works: another tab opens the new link, this one tries again.
      const other = await context.newPage();
      await other.goto(after.kiosk.url);
      await page.goto(`${origin}/`);
      await expect.poll(() => page.locator('#app').innerText()).not.toBe('');
      await context.close();
    },
  );

  test('a page of another origin in the same browser, session and all, reaches nothing', async () => {
    let served = 0;
    await using setup = await openKiosk({ rendererDir: PAGES, station: { serve: () => (served += 1) } });
    const context = await browser.newContext();
    const home = await context.newPage();
    await home.goto(setup.kiosk.url);
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
          const socket = new globalThis.WebSocket(`${origin.replace('http', 'ws')}/ws`);
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
      }, setup.origin);
      expect(reached).toEqual({ wire: 'refused', read: 'refused', frame: 'opaque', script: 'refused' });
      expect(served).toBe(1);
    } finally {
      evil.closeAllConnections();
      evil.close();
      await context.close();
    }
  });

  test('the cookie that the browser sends to another user’s port opens nothing, though an engineer sits here', async () => {
    await using started = await startStation({ users: { Wang: 'engineer' } });
    const { station } = started;
    await using closing = new AsyncDisposableStack();
    const setup = closing.use(await openKiosk({ rendererDir: PAGES, station }));
    const context = await browser.newContext();
    closing.defer(() => context.close());
    const caught: string[] = [];
    const evil = createServer((request, response) => {
      caught.push(request.headers.cookie ?? '');
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>evil</title>');
    });
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    closing.defer(() => void (evil.closeAllConnections(), evil.close()));
    const evilUrl = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/`;

    const page = await context.newPage();
    await page.goto(setup.kiosk.url);
    await typeSignIn(page, 'Wang', TEST_PIN);
    const second = await context.newPage();
    await second.goto(evilUrl);
    const cookie = caught[0] ?? '';
    expect(cookie).toMatch(/^gongwei-\d+=[\w-]{43}$/);

    const headers = { cookie, origin: setup.origin };
    const octets = { ...headers, 'content-type': 'application/octet-stream' };
    for (const asked of [
      { path: '/session', method: 'POST', headers },
      { path: '/tickets', method: 'POST', headers },
      { path: '/files?name=a', method: 'POST', headers: octets, body: 'x' },
    ])
      expect(await ask(setup.kiosk.port, asked)).toMatchObject({ status: 403, body: '' });
    const socket = new WebSocket(setup.origin.replace('http', 'ws') + '/ws', { headers });
    const [, refusal] = (await once(
      socket.on('error', () => undefined),
      'unexpected-response',
    )) as [unknown, { statusCode?: number }];
    expect(refusal.statusCode).toBe(403);
    // Nor does a script of that origin find the key: storage is of one port.
    expect(await second.evaluate(() => JSON.stringify(localStorage))).toBe('{}');

    // The engineer's own tabs go on: reload, and another tab.
    await page.reload();
    await page.waitForSelector('[data-testid="user"]');
    const tab = await context.newPage();
    await tab.goto(`${setup.origin}/`);
    await tab.waitForSelector('[data-testid="scan-input"]');
    await tab.keyboard.press('F9');
    await tab.waitForSelector('[data-testid="user"]');
  });

  test('signing in and out changes the session; a page whose station was started again says how to come in', async () => {
    await using started = await startStation({ users: { Wang: 'engineer' } });
    const { station } = started;
    await using closing = new AsyncDisposableStack();
    const setup = await openKiosk({ port: await stablePort(), rendererDir: PAGES, station });
    const { port } = setup.kiosk;
    closing.defer(() => setup.kiosk.close());
    const context = await browser.newContext();
    closing.defer(() => context.close());
    const page = await context.newPage();
    await page.goto(setup.kiosk.url);
    await expect.poll(() => page.url()).toBe(`${setup.origin}/#/`);
    const cookieNow = async (): Promise<string> => (await context.cookies())[0]?.value ?? '';
    const before = await cookieNow();
    await typeSignIn(page, 'Wang', TEST_PIN);
    await expect.poll(cookieNow).not.toBe(before);
    const old = { cookie: `gongwei-${port}=${before}` };
    await expect.poll(async () => (await ask(port, { path: '/', headers: old })).status).toBe(403);

    await setup.kiosk.close();
    const next = await openKiosk({ rendererDir: PAGES, station, port });
    closing.use(next);
    await page.waitForURL(`${setup.origin}/?ended`);
    expect(await page.locator('body').innerText()).toContain('gongwei kiosk link');
    expect((await page.goto(`${setup.origin}/`))?.status()).toBe(403);
    await page.goto(next.kiosk.newSessionUrl());
    await page.waitForSelector('[data-testid="scan-input"]');
  });

  test.runIf(LONG)(
    'a page with input whose station was started again asks before it goes, and may stay',
    async () => {
      await using started = await startStation({ users: { Wang: 'engineer' } });
      const { station } = started;
      await using closing = new AsyncDisposableStack();
      const setup = await openKiosk({ port: await stablePort(), rendererDir: PAGES, station });
      closing.defer(() => setup.kiosk.close());
      const context = await browser.newContext();
      closing.defer(() => context.close());
      const page = await context.newPage();
      await page.goto(setup.kiosk.url);
      await typeSignIn(page, 'Wang', TEST_PIN);
      await page.click('[data-testid="new-batch"]');
      await page.click('[data-testid="tab-text"]');
      const recipe = page.getByTestId('recipe');
      await recipe.fill('gongwei: recipe/1\n');
      const asked = new Promise<string>((resolve) =>
        page.once('dialog', (dialog) => void dialog.dismiss().then(() => resolve(dialog.type()))),
      );
      await setup.kiosk.close();
      closing.use(await openKiosk({ rendererDir: PAGES, station, port: setup.kiosk.port }));
      expect(await asked).toBe('beforeunload');
      expect(await recipe.inputValue()).toBe('gongwei: recipe/1\n');
      expect(page.url()).toBe(`${setup.origin}/#/batches`);
    },
  );

  test('a desktop that finds no browser has opened none: the link is for whoever reads the terminal', async () => {
    using dir = tempDir('kiosk-no-browser');
    writeFileSync(join(dir.path, 'xdg-open'), '#!/bin/sh\nexit 3\n', { mode: 0o700 });
    const env = { DISPLAY: ':0', PATH: `${dir.path}:/usr/bin:/bin` };
    for (const desktop of [env, { ...env, DISPLAY: '' }]) {
      using none = await openLinkInBrowser('http://127.0.0.1:1/', dir.path, desktop);
      expect(none.opened).toBe(false);
      expect(existsSync(join(dir.path, 'open.html'))).toBe(false);
    }
  });

  test('a file that leads to the link opens it, and a link while another session is open opens a new one', async () => {
    using dir = tempDir('kiosk-file');
    await using setup = await openKiosk({ rendererDir: PAGES });
    const argv = join(dir.path, 'argv');
    const opener = join(dir.path, 'xdg-open');
    writeFileSync(
      opener,
      `#!/bin/sh\ntr '\\0' ' ' < /proc/$$/cmdline > ${argv}.part; mv ${argv}.part ${argv}\n`,
      {
        mode: 0o700,
      },
    );
    using opened = await openLinkInBrowser(setup.kiosk.url, dir.path, {
      DISPLAY: ':0',
      PATH: `${dir.path}:/usr/bin:/bin`,
    });
    expect(opened.opened).toBe(true);
    await expect.poll(() => existsSync(argv)).toBe(true);
    const token = new URL(setup.kiosk.url).searchParams.get('token') ?? '';
    const said = readFileSync(argv, 'utf8');
    expect(said).toContain('file://');
    expect(said).not.toContain(token);
    const file = said.trim().split(' ').at(-1) ?? '';
    expect(statSync(new URL(file)).mode & 0o777).toBe(0o600);

    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(file);
    await page.waitForURL(`${setup.origin}/#/`);
    const [first] = await context.cookies();
    await page.goto(setup.kiosk.newSessionUrl());
    await page.waitForURL(`${setup.origin}/#/`);
    const [second] = await context.cookies();
    expect(second?.value).not.toBe(first?.value);
    await context.close();
    opened[Symbol.dispose]();
    expect(existsSync(new URL(file))).toBe(false);
  });

  test.runIf(LONG)(
    'a page being left for a new link, refused with the cookie of that link, does not get in its way',
    async () => {
      const wires: Transport[] = [];
      await using setup = await openKiosk({
        rendererDir: PAGES,
        station: { serve: (wire) => void wires.push(wire) },
      });
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(setup.kiosk.url);
      await expect.poll(() => wires.length).toBe(1);
      // The page is busy when its refusal comes, and the browser has the next page ready before this one goes on.
      await page.evaluate(() => {
        const asIs = window.fetch.bind(window);
        window.fetch = async (...asked) => {
          const answer = await asIs(...asked);
          for (const from = performance.now(); performance.now() - from < 1500;) continue;
          return answer;
        };
      });
      const cdp = await context.newCDPSession(page);
      await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*', resourceType: 'Document' }] });
      const asked: string[] = [];
      cdp.on('Fetch.requestPaused', ({ requestId, request }) => {
        asked.push(request.url.replace(/=.*/, ''));
        const go = (): void => void cdp.send('Fetch.continueRequest', { requestId }).catch(() => undefined);
        if (request.url !== `${setup.origin}/`) return go();
        void page.waitForResponse((answer) => answer.status() === 403).then(go, go);
        wires[0]?.close();
      });
      await page.goto(setup.kiosk.newSessionUrl());
      await expect.poll(() => wires.length).toBe(2);
      await expect.poll(() => page.url()).toBe(`${setup.origin}/#/`);
      expect(asked).toEqual([`${setup.origin}/?token`, `${setup.origin}/`]);
      await context.close();
    },
  );
});
