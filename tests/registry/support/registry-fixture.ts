import { createRegistry, openRegistryStore, type Registry, type RegistryLogEntry } from '#registry';
import { stationHeaders, type StationRight } from '#shared/registry-api/index.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { Changes } from '../../support/until.ts';

export const PRODUCT = 'CS0SLTKSYA';

/** Hears what a registry logs and lets a test wait for it. */
export interface LogTap {
  readonly entries: RegistryLogEntry[];
  readonly log: (entry: RegistryLogEntry) => void;
  /** Resolves with the `count`-th entry of that name, past or to come. */
  seen(event: string, count?: number): Promise<RegistryLogEntry>;
}

export function logTap(): LogTap {
  const entries: RegistryLogEntry[] = [];
  const changes = new Changes();
  return {
    entries,
    log(entry) {
      entries.push(entry);
      changes.notify();
    },
    seen: (event, count = 1) =>
      changes.until(
        () => entries.filter((entry) => entry.event === event)[count - 1],
        () => `no ${event} number ${count} in ${JSON.stringify(entries)}`,
      ),
  };
}

export interface Ask {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A running registry with a seeded product, and a plain HTTP client that is not the station's. */
export interface RegistrySetup extends AsyncDisposable {
  readonly registry: Registry;
  readonly dataDir: string;
  readonly tap: LogTap;
  readonly mqttPort: number;
  get(path: string, station?: string): Promise<Ask>;
  post(path: string, body: unknown, station?: string): Promise<Ask>;
  /** With a token of its own, and whatever name it gives. */
  askAs(token: string, station: string | null, method: string, path: string, body?: unknown): Promise<Ask>;
  /** Makes a station's own token, as `registry station add` does. */
  addStation(name: string, rights?: readonly StationRight[]): string;
  /** Stops the service and starts another on the same data. */
  restart(): Promise<void>;
}

export async function startRegistry(
  options: { count?: number; now?: () => number; psk?: boolean } = {},
): Promise<RegistrySetup> {
  const dir = tempDir();
  const tap = logTap();
  const start = (): Promise<Registry> =>
    createRegistry({
      dataDir: dir.path,
      log: tap.log,
      ...(options.now === undefined ? {} : { nowMs: options.now }),
      ...(options.psk === undefined ? {} : { psk: options.psk }),
    });
  let registry = await start();
  {
    using store = openRegistryStore(dir.path);
    store.seedProduct({ productId: PRODUCT, count: options.count ?? 10, prefix: 'Dev' });
  }
  const ask = (method: string, path: string, station: string, body?: unknown): Promise<Ask> =>
    askAs(registry.enrolmentToken, station, method, path, body);
  async function askAs(
    token: string,
    station: string | null,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Ask> {
    const response = await fetch(registry.http + path, {
      method,
      headers: {
        ...(station === null ? { authorization: `Bearer ${token}` } : stationHeaders(token, station)),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  return {
    get registry() {
      return registry;
    },
    get mqttPort() {
      return Number(new URL(registry.mqtt).port);
    },
    dataDir: dir.path,
    tap,
    get: (path, station = 'S1') => ask('GET', path, station),
    post: (path, body, station = 'S1') => ask('POST', path, station, body),
    askAs,
    addStation(name, rights = []) {
      using store = openRegistryStore(dir.path);
      return store.addStation(name, rights);
    },
    async restart() {
      await registry.close();
      registry = await start();
    },
    async [Symbol.asyncDispose]() {
      await registry.close();
      dir[Symbol.dispose]();
    },
  };
}

export interface LeasedTriple {
  readonly deviceName: string;
  readonly deviceSecret: string;
}

/** Leases triples over HTTP; fails the test when the registry refuses. */
export async function lease(
  setup: RegistrySetup,
  count: number,
  station = 'S1',
  requestId: string = crypto.randomUUID(),
): Promise<LeasedTriple[]> {
  const { status, body } = await setup.post('/v1/leases', { requestId, productId: PRODUCT, count }, station);
  if (status !== 200) throw new Error(`lease refused: ${JSON.stringify(body)}`);
  return body.triples as LeasedTriple[];
}
