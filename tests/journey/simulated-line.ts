import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRegistry, openRegistryStore, type Registry } from '#registry';
import type { SimulatorOptions } from '#simulator';
import {
  createNodePlatform,
  createStation,
  openStationDatabaseForReading,
  parseRecipe,
  type ReadableDatabase,
  STATION_ITSELF,
} from '#station';
import { TestSimulator } from '../simulator/support/test-simulator.ts';
import { recipeText } from '../station/support/recipe-text.ts';
import { PRODUCT } from '../station/support/sample-store.ts';
import { tempDir } from '../station/support/temp-dir.ts';
import { soon } from '../support/patience.ts';

/** Registry and simulator in this process, and a data directory made ready for a station in another one. */
export interface SimulatedLine extends AsyncDisposable {
  readonly dir: string;
  readonly data: string;
  readonly batch: string;
  readonly registry: Registry;
  readonly simulator: TestSimulator;
  /** Ports of the slots, in order; unit n lies on slot n. */
  readonly ports: readonly string[];
  /** DeviceName to DeviceSecret of all that there is. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Looks into the station's data beside its owner. */
  look<T>(at: (database: ReadableDatabase) => T): T;
}

export async function startSimulatedLine(options: {
  readonly units: number;
  readonly triples?: number;
  readonly simulator?: Partial<SimulatorOptions>;
  readonly recipe?: string;
}): Promise<SimulatedLine> {
  await using opening = new AsyncDisposableStack();
  const dir = opening.use(tempDir('journey')).path;
  const registry = await createRegistry({ dataDir: join(dir, 'registry') });
  opening.defer(() => registry.close());
  const count = options.triples ?? options.units;
  const secrets = new Map(
    Array.from({ length: count }, (_, n) => [`dev${n + 1}`, randomBytes(16).toString('base64')]),
  );
  {
    using database = openRegistryStore(join(dir, 'registry'));
    const triples = [...secrets].map(([deviceName, deviceSecret]) => ({ deviceName, deviceSecret }));
    database.seedProduct({ productId: PRODUCT, triples });
  }
  const simulator = opening.use(
    await TestSimulator.start({
      count: options.units,
      stateDir: join(dir, 'units'),
      mqttUrl: registry.mqtt,
      // A station has to take every way of writing that modules in the field have.
      dialect: 'per-unit',
      ...options.simulator,
    }),
  );
  const data = join(dir, 'station');
  const recipe = parseRecipe(options.recipe ?? recipeText(), 'recipe');
  const station = await createStation(createNodePlatform(data), {
    slots: [],
    appVersion: '0',
    autoSync: false,
  });
  let batch: string;
  try {
    const binding = { url: registry.http, token: registry.stationToken };
    station.settings.configure({ station: 'S1', registry: binding }, STATION_ITSELF);
    await station.pool.lease(PRODUCT, count, STATION_ITSELF, soon());
    batch = station.batches.create({ recipe, quantity: 1000, name: 'journey' }, STATION_ITSELF).batchId;
  } finally {
    await station.close();
  }
  const close = opening.move();
  return {
    dir,
    data,
    batch,
    registry,
    simulator,
    ports: Array.from({ length: options.units }, (_, n) => simulator.pathOf(n + 1)),
    secrets,
    look(at) {
      const database = openStationDatabaseForReading(data);
      try {
        return at(database);
      } finally {
        database.close();
      }
    },
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}

/** A list of serial numbers as a file. */
export function serialsFile(line: SimulatedLine, serials: readonly string[]): string {
  const file = join(line.dir, `serials-${serials.join('-')}`);
  writeFileSync(file, `${serials.join('\n')}\n`);
  return file;
}
