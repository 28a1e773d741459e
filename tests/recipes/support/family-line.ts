import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createRegistry, openRegistryStore } from '#registry';
import type { SimulatorOptions } from '#simulator';
import {
  STATION_ITSELF,
  createBleCentral,
  createNodePlatform,
  createStation,
  readRecipe,
  type RunResult,
  type Station,
} from '#station';

import { TestSimulator } from '../../simulator/support/test-simulator.ts';
import { expectSameAgain } from '../../station/execution/replay/replay-support.ts';
import { tempDir } from '../../station/support/temp-dir.ts';
import { soon } from '../../support/patience.ts';

const RECIPES = fileURLToPath(new URL('../../../resources/recipes/', import.meta.url));

/** A sample recipe, as it is shipped, and a unit of its family on the only slot of a station with a registry. */
export interface FamilyLine extends AsyncDisposable {
  readonly simulator: TestSimulator;
  readonly station: Station;
  run(): Promise<RunResult>;
  /** `step OUTCOME`, each attempt. */
  steps(result: RunResult): string[];
  values(result: RunResult): Record<string, unknown>;
}

/** Real times where the station waits, short ones where the device does. */
const TIME_SCALE = 0.1;

/** `file` is a recipe of resources/recipes; the rest is for the simulator. */
export async function startFamily(
  file: string,
  simulator: Partial<SimulatorOptions> & { readonly profile: string },
): Promise<FamilyLine> {
  await using opening = new AsyncDisposableStack();
  const { path: dir } = opening.use(tempDir('family'));
  const recipe = await readRecipe(join(RECIPES, file));
  const { product } = recipe.recipe;
  const registry = await createRegistry({ dataDir: join(dir, 'registry') });
  opening.defer(() => registry.close());
  {
    using database = openRegistryStore(join(dir, 'registry'));
    database.seedProduct({ productId: product, count: 2, prefix: 'dev' });
  }
  const units = opening.use(
    await TestSimulator.start({ mqttUrl: registry.mqtt, timeScale: TIME_SCALE, ...simulator }),
  );
  const { bluetooth, board } = units.inner;
  const ble = bluetooth === null ? null : opening.use(createBleCentral(`uart:${bluetooth.adapter.path}`));
  const station = await createStation(createNodePlatform(join(dir, 'station'), ble === null ? {} : { ble }), {
    slots: [{ slot: 1, portPath: units.pathOf(1), boardPath: board?.path }],
    appVersion: '0.0.0-test',
    autoSync: false,
  });
  opening.defer(() => station.close());
  station.settings.configure(
    {
      station: 'S1',
      registry: { url: registry.http, token: registry.stationToken },
    },
    STATION_ITSELF,
  );
  await station.pool.lease(product, 2, STATION_ITSELF, soon());
  const { batchId } = station.batches.create({ recipe, quantity: 100, name: 'sample' }, STATION_ITSELF);
  const close = opening.move();
  const { runs } = station.database;
  return {
    simulator: units,
    station,
    async run() {
      const serialNumber = units.inner.units[0]?.serialNumber ?? null;
      const result = await station.startUnit({ batchId, serialNumber, operator: 'Li', slot: 1 }).finished;
      station.slots.acknowledge(1);
      // Whatever these families do to a station, its recordings replay.
      await expectSameAgain(join(dir, 'station'), result, 2);
      return result;
    },
    steps: ({ runId }) => runs.listSteps(runId).map(({ step, outcome }) => `${step} ${outcome}`),
    values: ({ runId }) =>
      Object.fromEntries(runs.listMeasurements(runId).map(({ name, value }) => [name, value])),
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}
