import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startKiosk } from '#kiosk';
import { createNodePlatform } from '#station';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { sharedBrowser } from './browser.ts';
import { sampleRecipe } from './recipes.ts';
import { addPressKey } from './press-key.ts';
import { scanKeys, scannedLine } from './scan-keys.ts';
import { watchPages } from './watch-pages.ts';
import { startStation, type StationOptions, type TestStation } from './station.ts';
import type { SimulatedUnits, Units } from './units.ts';

const PAGES = join(import.meta.dirname, '../../out/renderer');

export interface PagesOptions<U extends Units> extends StationOptions<U> {
  /** The language of the browser; default English. */
  readonly locale?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** The built pages in a real browser, over a station and its kiosk. */
export interface TestPages<U extends Units = SimulatedUnits> extends AsyncDisposable {
  readonly setup: TestStation<U>;
  readonly page: Page;
  /** What no page may show: see `WatchedPages`. */
  problems(): string[];
  /** Another one-time link to the same station. */
  link(): string;
  /** Types as a scanner does, keys and Enter in quick succession, into the focused element. */
  scan(text: string): Promise<void>;
  /** Presses no key for at least this time. */
  rest(ms: number): Promise<void>;
}

/**
 * Starts a station for a test and opens its operator page in the browser of this process. Unless told otherwise the
 * station has the sample recipe of the AT module and 40 triples of a registry that gets each result at once.
 */
export async function startPages<U extends Units>(options: PagesOptions<U>): Promise<TestPages<U>> {
  await using opening = new AsyncDisposableStack();
  const setup = opening.use(
    await startStation({
      registry: 'real',
      triples: 40,
      // A station of its first day has no batch.
      ...(options.unbound === true ? {} : { recipe: await sampleRecipe('at-wifi-module.yaml') }),
      config: { autoSync: true },
      ...options,
    }),
  );
  await ensureBundle('pages');
  const { log } = createNodePlatform(setup.dataDir);
  const kiosk = opening.use(await startKiosk({ station: setup.station, rendererDir: PAGES, log }));
  const browser = await sharedBrowser();
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    locale: options.locale ?? 'en-GB',
  });
  opening.defer(() => context.close());
  const { problems } = await watchPages(context);
  const page = await context.newPage();
  await addPressKey(page);
  await page.goto(kiosk.url);
  const stack = opening.move();
  return {
    setup,
    page,
    problems,
    link: () => kiosk.newSessionUrl(),
    scan: (text) => scanKeys(page, scannedLine(text)),
    rest: (ms) => page.waitForTimeout(ms),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
