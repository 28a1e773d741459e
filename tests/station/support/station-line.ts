import { randomBytes } from 'node:crypto';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createRegistry, openRegistryStore, type Registry } from '#registry';
import type { SimulatorOptions } from '#simulator';
import {
  STATION_ITSELF,
  createNodePlatform,
  createStation,
  parseRecipe,
  type Platform,
  type RunEvent,
  type RunResult,
  type Station,
  type StationConfig,
} from '#station';
import { TestSimulator } from '../../simulator/support/test-simulator.ts';
import { recipeText } from './recipe-text.ts';
import { PRODUCT } from './sample-store.ts';
import { tempDir } from './temp-dir.ts';
import { soon } from '../../support/patience.ts';

export interface LineOptions {
  readonly units: number;
  readonly simulator?: Partial<SimulatorOptions>;
  readonly recipe?: string;
  readonly triples?: number;
  readonly platform?: Partial<Platform>;
  /** Where the station keeps its data, when that is to be another disk. */
  readonly dataDir?: string;
  readonly config?: Partial<StationConfig>;
}

/** A real station on a real registry, with a simulator of simulated units on real ptys; all in this process. */
export interface StationLine extends AsyncDisposable {
  readonly dir: string;
  readonly dataDir: string;
  readonly registry: Registry;
  readonly simulator: TestSimulator;
  readonly station: Station;
  readonly batchId: string;
  /** DeviceName to DeviceSecret of everything in the pool. */
  readonly secrets: ReadonlyMap<string, string>;
  /** One unit once through the recipe; unit n lies on slot n. */
  run(slot: number, serialNumber?: string | null): Promise<RunResult>;
  /** State of the unit's live triple as the ledger has it, `null` when it has none. */
  stateOf(slot: number): string | null;
  /** Takes the slot's path away, as it goes with a pulled cable: the system gives its number to whoever asks next. */
  unwire(slot: number): void;
  /** Puts a pulled cable back: the slot's path leads to the unit again, whatever the system calls it now. */
  plug(slot: number): Promise<void>;
}

export const serialOf = (unit: number): string => `SN${String(unit).padStart(6, '0')}`;

export async function startLine(options: LineOptions): Promise<StationLine> {
  await using opening = new AsyncDisposableStack();
  const temporary = opening.use(tempDir('line'));
  const dir = temporary.path;
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
  // A port keeps its name at the station, as by USB topology, whatever the system calls it after a replug.
  const portOf = (slot: number): string => join(dir, `port${slot}`);
  const wire = (slot: number): void => {
    rmSync(portOf(slot), { force: true });
    symlinkSync(simulator.pathOf(slot), portOf(slot));
  };
  const slots = Array.from({ length: options.units }, (_, n) => n + 1);
  slots.forEach(wire);
  const dataDir = options.dataDir ?? join(dir, 'station');
  const station = await createStation(createNodePlatform(dataDir, options.platform), {
    slots: slots.map((slot) => ({ slot, portPath: portOf(slot) })),
    appVersion: '0.0.0-test',
    autoSync: false,
    ...options.config,
  });
  opening.defer(() => station.close());
  station.settings.configure(
    {
      station: 'S1',
      registry: { url: registry.http, token: registry.stationToken },
    },
    STATION_ITSELF,
  );
  await station.pool.lease(PRODUCT, count, STATION_ITSELF, soon());
  const recipe = parseRecipe(options.recipe ?? recipeText(), 'recipe');
  const { batchId } = station.batches.create({ recipe, quantity: 1000, name: 'test' }, STATION_ITSELF);
  const close = opening.move();
  return {
    dir,
    dataDir,
    registry,
    simulator,
    station,
    batchId,
    secrets,
    async run(slot, serialNumber = serialOf(slot)) {
      const started = station.startUnit({ batchId, serialNumber, operator: 'Li', slot });
      const result = await started.finished;
      station.slots.acknowledge(slot);
      return result;
    },
    stateOf(slot) {
      const mac = simulator.inner.units[slot - 1]?.mac ?? '';
      const unit = station.database.units.findByChip(mac.replaceAll(':', '').toUpperCase());
      return unit === null ? null : (station.database.triples.findLiveOfUnit(unit.unitId)?.state ?? null);
    },
    unwire: (slot) => rmSync(portOf(slot), { force: true }),
    async plug(slot) {
      await simulator.inner.cable(slot, true);
      wire(slot);
    },
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}

/** Resolves with the first event of a run on that slot that fits. Ask before the run is started. */
export function eventOf<K extends RunEvent['kind']>(
  station: Station,
  slot: number,
  kind: K,
  fits: (event: Extract<RunEvent, { kind: K }>) => boolean = () => true,
): Promise<Extract<RunEvent, { kind: K }>> {
  return new Promise((resolve) => {
    const stop = station.onRunEvent((at, event) => {
      if (at !== slot || event.kind !== kind || !fits(event as Extract<RunEvent, { kind: K }>)) return;
      stop();
      resolve(event as Extract<RunEvent, { kind: K }>);
    });
  });
}
