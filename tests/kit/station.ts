import { join } from 'node:path';
import {
  createNodePlatform,
  createStation,
  openStationDatabaseForReading,
  type ParsedRecipe,
  type Platform,
  type ReadableDatabase,
  type RunEvent,
  type RunResult,
  type Station,
  STATION_ITSELF,
  type StationConfig,
} from '#station';
import type { Role } from '#shared/rpc/index.ts';
import type { RegistryOptions } from '#registry';
import { hashPin } from '../../station/administration/users/index.ts';
import { soon } from '../support/patience.ts';
import { tempDir } from '../support/temp-dir.ts';
import { parsedRecipe } from './recipes.ts';
import { type RegistryProxy, startProxy } from './registry-proxy.ts';
import { TestRegistry } from './registry.ts';
import { PRODUCT } from './sample-rows.ts';
import type { Units, UnitsStarter } from './units.ts';
import { createNodeRandom } from '../../station/devices/drivers/node/random.ts';

export interface StationOptions<U extends Units = Units> {
  /** `simulated(…)` or `scripted(…)`; none when left out. */
  readonly units?: UnitsStarter<U>;
  /** `lossy`: behind a network that loses the requests and replies that the test names. Default `none`. */
  readonly registry?: 'none' | 'real' | 'lossy';
  /** More options of a registry of its own. */
  readonly registryOptions?: Partial<RegistryOptions>;
  /** The registry is there, and the station is not bound to it: it is as on its first day. */
  readonly unbound?: boolean;
  /** The registry of another station, in place of one of its own. */
  readonly sharedRegistry?: TestRegistry;
  /** Triples that are made at the registry. Default: one for each unit. */
  readonly triples?: number;
  /** Triples that the station leases of them. Default: all. */
  readonly lease?: number;
  /** The recipe of the station's batch. No batch when left out. */
  readonly recipe?: string | ParsedRecipe;
  /** Default `test`. */
  readonly batchName?: string;
  /** Users who may sign in with `TEST_PIN`. */
  readonly users?: Readonly<Record<string, Role>>;
  /** Its name at the registry. Default `S1`. */
  readonly name?: string;
  /** Default: a directory of the test, removed with it. */
  readonly dataDir?: string;
  readonly platform?: Partial<Platform> | ((ports: readonly string[]) => Partial<Platform>);
  readonly config?: Partial<StationConfig>;
}

export const TEST_PIN = '246810';
/** Work factor of scrypt for the PINs of tests, as a power of two. */
const CHEAP = 4;

/** Opens the station of a data directory; by default without slots and without contact to its registry. */
export function openStation(
  dataDir: string,
  config: Partial<StationConfig> = {},
  platform: Partial<Platform> = {},
): Promise<Station> {
  return createStation(createNodePlatform(dataDir, { scryptLog2N: CHEAP, ...platform }), {
    slots: [],
    appVersion: '0.0.0-test',
    examplesDir: join(import.meta.dirname, '../../resources/recipes'),
    labelsDir: join(import.meta.dirname, '../../resources/labels'),
    autoSync: false,
    ...config,
  });
}

export interface AttemptedStep {
  readonly step: string;
  readonly attempt: number;
  readonly outcome: string;
  readonly code: string | null;
}

/** A real station in this process with what belongs to it, all closed and removed in reverse order. */
export class TestStation<U extends Units = Units> implements AsyncDisposable {
  /** The directory of everything of this station; its data is in `dataDir`. */
  readonly dir: string;
  readonly dataDir: string;
  readonly units: U;
  #station: Station;
  readonly #parts: StationParts;
  readonly #stack: AsyncDisposableStack;

  constructor(station: Station, units: U, parts: StationParts, stack: AsyncDisposableStack) {
    this.dir = parts.dir;
    this.dataDir = parts.dataDir;
    this.units = units;
    this.#station = station;
    this.#parts = parts;
    this.#stack = stack;
    // Opened last, so that it is closed first.
    stack.defer(() => this.close());
  }

  get station(): Station {
    return this.#station;
  }

  get registry(): TestRegistry {
    return present(this.#parts.registry, 'registry');
  }

  /** The network to a registry that is `lossy`. */
  get proxy(): RegistryProxy {
    return present(this.#parts.proxy, 'lossy network');
  }

  get batchId(): string {
    return present(this.#parts.batchId, 'batch');
  }

  /** Ports of the slots, in order. */
  get ports(): readonly string[] {
    return this.units.slots.map(({ portPath }) => portPath);
  }

  /** Runs the slot's unit once, and acknowledges the result. */
  async run(slot = 1, serialNumber: string | null = this.units.serialOf(slot)): Promise<RunResult> {
    const request = { batchId: this.batchId, serialNumber, operator: 'Li', slot };
    const result = await this.station.startUnit(request).finished;
    this.station.slots.acknowledge(slot);
    return result;
  }

  /** The state of the live triple of the slot's unit in the ledger; `null` when it has none. */
  stateOf(slot: number): string | null {
    const { units, triples } = this.station.database;
    const unit = units.findByChip(this.units.chipOf(slot));
    return unit === null ? null : (triples.findLiveOfUnit(unit.unitId)?.state ?? null);
  }

  /** The steps of a run, each attempt in order; those of one phase when it is given. */
  steps({ runId }: RunResult, phase?: string): AttemptedStep[] {
    return this.station.database.runs
      .listSteps(runId)
      .filter((row) => phase === undefined || row.phase === phase)
      .map(({ step, attempt, outcome, failure }) => ({
        step,
        attempt,
        outcome,
        code: failure?.code ?? null,
      }));
  }

  /** The measured values of a run by name. */
  values({ runId }: RunResult): Record<string, unknown> {
    const measurements = this.station.database.runs.listMeasurements(runId);
    return Object.fromEntries(measurements.map(({ name, value }) => [name, value]));
  }

  /** Closes the station and opens it again on the same data. */
  async restart(config: Partial<StationConfig> = {}): Promise<void> {
    await this.close();
    this.#station = await this.#parts.open(config);
  }

  /** Closes the station alone, for another process or another station on its data. */
  close(): Promise<void> {
    return this.#station.close();
  }

  /** Reads the data of a station that is open here or in another process. */
  readDatabase<T>(read: (database: ReadableDatabase) => T): T {
    const database = openStationDatabaseForReading(this.dataDir);
    try {
      return read(database);
    } finally {
      database.close();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

interface StationParts {
  readonly dir: string;
  readonly dataDir: string;
  readonly registry: TestRegistry | null;
  readonly proxy: RegistryProxy | null;
  readonly batchId: string | null;
  readonly open: (config?: Partial<StationConfig>) => Promise<Station>;
}

/** Starts a station for a test, with the units, the registry, the batch and the users that it needs. */
export async function startStation<U extends Units = Units>(
  options: StationOptions<U> = {},
): Promise<TestStation<U>> {
  await using opening = new AsyncDisposableStack();
  const dir = opening.use(tempDir('station')).path;
  const dataDir = options.dataDir ?? join(dir, 'station');
  const registry =
    options.sharedRegistry ??
    ((options.registry ?? 'none') === 'none'
      ? null
      : opening.use(await TestRegistry.start(dir, options.registryOptions)));
  const proxy =
    options.registry === 'lossy' && registry !== null
      ? opening.use(await startProxy(registry.service.http))
      : null;
  const units = opening.use(
    await (options.units ?? noUnits<U>)(dir, registry?.service.mqtt, registry?.service.http),
  );

  const ports = units.slots.map(({ portPath }) => portPath);
  const ofTest = typeof options.platform === 'function' ? options.platform(ports) : options.platform;
  const platform = { ...units.platform, ...ofTest };
  const open = (config: Partial<StationConfig> = {}): Promise<Station> =>
    openStation(dataDir, { slots: units.slots, ...options.config, ...config }, platform);

  const station = await open();
  await using opened = new AsyncDisposableStack();
  opened.defer(() => station.close());
  const batchId = await fill(station, registry, proxy?.url, units.slots.length, options);
  // From here on the test station closes the open station.
  opened.move();
  return new TestStation(station, units, { dir, dataDir, registry, proxy, batchId, open }, opening.move());
}

/** Adds the users, triples and batch of the test to a new station; returns the id of the batch. */
async function fill(
  station: Station,
  registry: TestRegistry | null,
  proxyUrl: string | undefined,
  units: number,
  options: StationOptions,
): Promise<string | null> {
  const recipe = typeof options.recipe === 'string' ? parsedRecipe(options.recipe) : (options.recipe ?? null);
  const productId = recipe?.recipe.product ?? PRODUCT;
  if (registry !== null && options.unbound !== true) {
    const { http, enrolmentToken } = registry.service;
    const binding = { url: proxyUrl ?? http, token: enrolmentToken };
    station.settings.configure({ station: options.name ?? 'S1', registry: binding }, STATION_ITSELF);
    const isShared = options.sharedRegistry !== undefined;
    const triples = options.triples ?? (isShared ? 0 : units);
    if (!isShared) registry.seed(triples, productId);
    const lease = options.lease ?? triples;
    if (lease > 0) await station.pool.lease(productId, lease, STATION_ITSELF, soon());
  }
  for (const [name, role] of Object.entries(options.users ?? {}))
    station.database.users.put(
      { name, role, pinHash: await hashPin(TEST_PIN, { random: createNodeRandom(), scryptLog2N: CHEAP }) },
      Date.now(),
    );
  if (recipe === null) return null;
  const batch = { recipe, quantity: 1000, name: options.batchName ?? 'test' };
  return station.batches.create(batch, STATION_ITSELF).batchId;
}

/** Resolves with the first event of a run on that slot that fits. Must be called before the run is started. */
export function nextRunEvent<K extends RunEvent['kind']>(
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

function noUnits<U extends Units>(): Promise<U> {
  const none: Units = {
    slots: [],
    platform: {},
    serialOf: () => null,
    chipOf: () => '',
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return Promise.resolve(none as U);
}

function present<T>(part: T | null, name: string): T {
  if (part === null) throw new Error(`this test station has no ${name}`);
  return part;
}
