import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startKiosk } from '#kiosk';
import { createRegistry, openRegistryStore } from '#registry';
import { type Simulator, startSimulator } from '#simulator';
import { createNodePlatform, createStation, parseRecipe, type Station, STATION_ITSELF } from '#station';

import { sharedBrowser } from '../renderer/support/browser.ts';
import { soon } from '../support/patience.ts';
import { scanKeys, scannedLine } from '../renderer/support/scan-keys.ts';

const ROOT = join(import.meta.dirname, '../..');
const PRODUCT = 'GWDEMO0001';

/** A whole line in this process: registry, simulator on real ptys, station, kiosk, and a browser looking at it. */
export interface Line extends AsyncDisposable {
  readonly station: Station;
  readonly simulator: Simulator;
  readonly page: Page;
  /** Another one-time link to the same station. */
  link(): string;
  /** What a scanner does: keys and Enter in quick succession, into what has the focus. */
  scan(text: string): Promise<void>;
  /** Nobody touches a key for at least so long. */
  rest(ms: number): Promise<void>;
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
  const simulator = opening.use(
    await startSimulator({
      profile: 'at-module',
      count: options.slots,
      stateDir: join(dir, 'units'),
      mqttUrl: registry.mqtt,
      timeScale: options.timeScale ?? 0.2,
      ...(options.faults === undefined ? {} : { faults: { units: options.faults } as never }),
    }),
  );
  const slots = simulator.fixtures.map(({ slot, path }) => ({ slot, portPath: path }));
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
  await station.pool.lease(PRODUCT, 40, STATION_ITSELF, soon());
  const yaml =
    options.recipe ?? (await readFile(join(ROOT, 'resources/recipes/at-wifi-module.yaml'), 'utf8'));
  station.batches.create(
    {
      recipe: parseRecipe(yaml, 'recipe', options.files),
      quantity: 20,
      name: 'e2e batch',
    },
    STATION_ITSELF,
  );
  const kiosk = opening.use(
    await startKiosk({ station, rendererDir: join(ROOT, 'out/renderer'), log: platform.log }),
  );
  const browser = await sharedBrowser();
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    locale: 'en-GB',
  });
  opening.defer(() => context.close());
  const page = await context.newPage();
  await page.goto(kiosk.url);
  const close = opening.move();
  return {
    station,
    simulator,
    page,
    link: () => kiosk.newSessionUrl(),
    scan: (text) => scanKeys(page, scannedLine(text)),
    rest: (ms) => page.waitForTimeout(ms),
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}
