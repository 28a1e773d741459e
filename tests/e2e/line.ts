import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startKiosk } from '#kiosk';
import { createRegistry, openRegistryStore } from '#registry';
import { type Bench, startBench } from '#simulator';
import { createNodePlatform, createStation, parseRecipe, type Station, STATION_ITSELF } from '#station';
import { openBrowser } from '../renderer/support/browser.ts';

const ROOT = join(import.meta.dirname, '../..');
const PRODUCT = 'GWDEMO0001';

/** A whole line in this process: registry, bench on real ptys, station, kiosk, and a browser looking at it. */
export interface Line extends AsyncDisposable {
  readonly station: Station;
  readonly bench: Bench;
  readonly page: Page;
  readonly browser: Browser;
  /** Another one-time link to the same station. */
  link(): string;
  scan(text: string): Promise<void>;
}

export interface LineOptions {
  readonly slots: number;
  /** Fault of each unit by its number, as in the simulator's fault files. */
  readonly faults?: Readonly<Record<string, readonly string[]>>;
  /** 1 is real time. */
  readonly timeScale?: number;
  /** Another recipe than the sample's, of the same product, and what lies beside it. */
  readonly recipe?: string;
  readonly files?: ReadonlyMap<string, Uint8Array>;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export async function openLine(options: LineOptions): Promise<Line> {
  await using opening = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'gongwei-e2e-'));
  opening.defer(() => rm(dir, { recursive: true, force: true }));
  const registry = opening.use(await createRegistry({ dataDir: join(dir, 'registry') }));
  const bench = opening.use(
    await startBench({
      profile: 'at-module',
      count: options.slots,
      stateDir: join(dir, 'units'),
      mqttUrl: registry.mqtt,
      timeScale: options.timeScale ?? 0.2,
      ...(options.faults === undefined ? {} : { faults: { units: options.faults } as never }),
    }),
  );
  const slots = bench.fixtures.map(({ slot, path }) => ({ slot, portPath: path }));
  const platform = createNodePlatform(join(dir, 'station'));
  const station = await createStation(platform, { slots, appVersion: 'e2e' });
  opening.defer(() => station.close());
  station.settings.configure(
    {
      station: 'e2e-1',
      registry: { url: registry.http, token: registry.stationToken },
    },
    STATION_ITSELF,
  );
  {
    using database = openRegistryStore(join(dir, 'registry'));
    database.seedProduct({ productId: PRODUCT, count: 40, prefix: 'e2e_' });
  }
  await station.pool.lease(PRODUCT, 40, AbortSignal.timeout(30_000));
  const yaml =
    options.recipe ?? (await readFile(join(ROOT, 'resources/recipes/at-wifi-module.yaml'), 'utf8'));
  station.batches.create({
    recipe: parseRecipe(yaml, 'recipe', options.files),
    quantity: 20,
    name: 'e2e batch',
  });
  const kiosk = opening.use(
    await startKiosk({ station, rendererDir: join(ROOT, 'out/renderer'), log: platform.log }),
  );
  const browser = await openBrowser();
  opening.defer(() => browser.close());
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    locale: 'en-GB',
  });
  const page = await context.newPage();
  await page.goto(kiosk.url);
  const close = opening.move();
  return {
    station,
    bench,
    page,
    browser,
    link: () => kiosk.newSessionUrl(),
    async scan(text) {
      // As a scanner does: keys in quick succession to whatever has the focus, then Enter.
      await page.keyboard.type(text, { delay: 2 });
      await page.keyboard.press('Enter');
    },
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}
