import { Fault } from '#shared/domain/fault.ts';
import {
  createNodePlatform,
  createStation,
  openStoreForReading,
  type SlotConfig,
  type Station,
  type Store,
} from '#station';
import { type CommonOptions, dataDirOf } from './command.ts';
import { APP_VERSION } from './version.ts';

/** Opens the station of a data directory, does the work, closes it whatever happened. */
export async function withStation<T>(
  options: CommonOptions,
  work: (station: Station) => Promise<T> | T,
  config: { readonly slots?: readonly string[]; readonly autoSync?: boolean } = {},
): Promise<T> {
  const station = await createStation(createNodePlatform(dataDirOf(options)), {
    slots: toSlots(config.slots ?? []),
    appVersion: APP_VERSION,
    autoSync: config.autoSync ?? false,
  });
  try {
    return await work(station);
  } finally {
    await station.close();
  }
}

/**
 * For commands that only look: opens the station (which settles what a crash left), or, when another Gongwei owns the
 * data, looks over its shoulder.
 */
export async function withStore<T>(
  options: CommonOptions,
  work: (store: Store) => Promise<T> | T,
): Promise<T> {
  try {
    return await withStation(options, (station) => work(station.store));
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'data-busy') throw error;
  }
  const store = openStoreForReading(dataDirOf(options));
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

export function toSlots(paths: readonly string[]): SlotConfig[] {
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined)
    throw new Fault('bad-input', `${twice} is named for two slots`, {
      hint: 'Each slot has a port of its own.',
    });
  return paths.map((portPath, index) => ({ slot: index + 1, portPath }));
}
