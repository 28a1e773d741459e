import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { webSocketTransport } from '#shared/rpc/index.ts';
import { openScene } from '../../renderer/dev/open-scene.ts';
import type { BundleModules } from '../../scripts/vite/list-modules.ts';
import { sharedBrowser } from '../kit/browser.ts';
import { type BuiltPages, servePages } from './support/built-pages.ts';
import { LONG } from '../support/depth.ts';

/** What only the back office needs; its base styles alone are in the first load, so that they precede its components. */
const BACK_OFFICE =
  /^(node_modules\/(reka-ui|@internationalized|@tanstack)\/|renderer\/src\/(ui\/(?!ui\.css)|app\/shell\/)|renderer\/src\/features\/(?!operator\/|manual\/words\.|[a-z-]+\/routes\.ts$))/;

let pages: BuiltPages;
beforeAll(async () => {
  pages = await servePages('pages');
});
afterAll(() => pages[Symbol.asyncDispose]());

/** The modules of the loaded scripts of a page. */
async function loadedModules(page: Page): Promise<string[]> {
  const urls = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname.slice(1)),
  );
  const file = join(import.meta.dirname, '../../out/modules/pages.json');
  const { chunks } = JSON.parse(await readFile(file, 'utf8')) as BundleModules;
  return urls.flatMap((url) => chunks[url] ?? []);
}

/** Opens a page in a new browser profile, over a station with two slots. */
async function withPage(use: (page: Page) => Promise<void>): Promise<void> {
  const station = openScene('ready', { slots: 2 });
  const sockets = new WebSocketServer({ server: pages.server, path: '/ws' });
  sockets.on('connection', (socket) => station.serve(webSocketTransport(socket)));
  const browser = await sharedBrowser();
  const context = await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await use(page);
  } finally {
    await context.close();
    sockets.close();
  }
}

it("the operator's first load has nothing of the back office, which is loaded when it is opened", () =>
  withPage(async (page) => {
    await page.goto(pages.url);
    await page.getByTestId('slot-2').waitFor();
    const first = await loadedModules(page);
    expect(first).toContain('renderer/src/features/operator/OperatorPage.vue');
    expect(first.filter((module) => BACK_OFFICE.test(module))).toEqual([]);

    await page.keyboard.press('F9');
    await page.getByTestId('sign-in').waitFor();
    const then = await loadedModules(page);
    expect(then).toContain('renderer/src/app/shell/BackOfficeShell.vue');
    expect(then.filter((module) => /features\/(batches|returns)\/.*\.vue$/.test(module))).toEqual([]);
  }));

it.runIf(LONG)(
  "a page that cannot be loaded leads to the operator's page, and is loaded when it is opened again",
  () =>
    withPage(async (page) => {
      const shell = '**/BackOfficeShell-*.js';
      await page.route(shell, (route) => route.abort());
      await page.goto(`${pages.url}#/batches`);
      await page.getByTestId('slot-2').waitFor();
      expect(await page.evaluate(() => location.hash)).toBe('#/');
      await page.unroute(shell);
      await page.keyboard.press('F9');
      await page.getByTestId('sign-in').waitFor();
    }),
);
