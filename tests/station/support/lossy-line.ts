import { join } from 'node:path';
import { createRegistry, openRegistryStore, type Registry, type RegistryStore } from '#registry';
import { createNodePlatform, createStation, type Platform, type Station, STATION_ITSELF } from '#station';
import { recipeText } from './recipe-text.ts';
import { type RegistryProxy, startProxy } from './registry-proxy.ts';
import { addBatch, PRODUCT } from './sample-store.ts';
import { fastDir } from './temp-dir.ts';

/** A registry of this process, stations on it, each behind a network of its own that can lose replies. */
export interface LossyLine extends AsyncDisposable {
  readonly dir: string;
  readonly registry: Registry;
  /** The registry's data, as its commands open it beside the service. */
  readonly registryData: RegistryStore;
  station(name: string, platform?: Partial<Platform>): Promise<LossyStation>;
}

export interface LossyStation {
  readonly station: Station;
  readonly proxy: RegistryProxy;
  /** Closes it and opens it again on the same data. */
  restart(): Promise<void>;
}

export async function startLossyLine(triples: number): Promise<LossyLine> {
  await using opening = new AsyncDisposableStack();
  const dir = opening.use(fastDir()).path;
  const registryDir = join(dir, 'registry');
  const registry = opening.use(await createRegistry({ dataDir: registryDir }));
  const registryData = opening.use(openRegistryStore(registryDir));
  registryData.seedProduct({ productId: PRODUCT, count: triples, prefix: 'dev' });
  const close = opening.move();
  return {
    dir,
    registry,
    registryData,
    async station(name, platform) {
      const proxy = close.use(await startProxy(registry.http));
      const open = (): Promise<Station> =>
        createStation(createNodePlatform(join(dir, name), platform), {
          slots: [],
          appVersion: '0',
          autoSync: false,
        });
      let station = await open();
      close.defer(() => station.close());
      station.settings.configure(
        {
          station: name,
          registry: { url: proxy.url, token: registry.stationToken },
        },
        STATION_ITSELF,
      );
      addBatch(station.database, recipeText());
      return {
        get station() {
          return station;
        },
        proxy,
        async restart() {
          await station.close();
          station = await open();
        },
      };
    },
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}

export const chipOf = (n: number): string => `A2B700${n.toString(16).toUpperCase().padStart(6, '0')}`;

/** Gives the next triple of the pool to unit `n`; returns its name. */
export function claim({ database }: Station, n: number): string {
  return database.transaction(() => {
    const { unitId } = database.units.recordSeen(chipOf(n), null, null, n);
    const free = database.triples.findNextFree(PRODUCT);
    if (free === null) throw new Error('the pool is empty');
    database.triples.applyEvent(free, 'claim', { at: Date.now(), runId: null, note: '' }, unitId);
    return free.deviceName;
  });
}

/** Names by state, as the station has them. */
export function namesIn({ database }: Station, ...states: string[]): string[] {
  return states.flatMap((state) =>
    database.triples
      .listInState(state as Parameters<typeof database.triples.listInState>[0])
      .map((row) => row.deviceName),
  );
}
