import { Fault } from '#shared/domain/fault.ts';
import { slotsOf } from '#shared/host/index.ts';
import {
  createBleCentral,
  createNodePlatform,
  createStation,
  openStationDatabaseForReading,
  type Station,
  type StationConfig,
  type ReadableDatabase,
} from '#station';
import { type CommonOptions, dataDirOf } from './command.ts';
import { APP_VERSION, programName } from './program.ts';
import { requireStationIn } from './data-directories.ts';

export interface StationSettings {
  /** Ports by path or place; `remembered`: those that were assigned with `station slots`. None when left out. */
  readonly slots?: readonly string[] | 'remembered';
  /** Port of the fixtures' relay board, which all slots share. */
  readonly boardPath?: string | undefined;
  readonly autoSync?: boolean;
  /** False for a command that should end with its fault instead of waiting for somebody to free the disk. */
  readonly waitForSpace?: boolean;
  readonly moved?: StationConfig['moved'];
  /** Left out: a command that runs no units, which leaves runs that may go on as they are. */
  readonly resumeRuns?: Exclude<StationConfig['resumeRuns'], undefined>;
  /** A command that a new station may begin with. Any other says that there is none, and makes nothing. */
  readonly begins?: boolean;
  /** Bluetooth adapter, as `--ble` names it. */
  readonly ble?: string | undefined;
  /** For a station that stays open: it takes the commands of `user` meanwhile. */
  readonly control?: boolean;
  readonly sampleLine?: boolean;
  /** Told when the adapter cannot be used now; left out, the fault ends it before anything has begun. */
  readonly onBleFault?: (fault: Fault) => void;
}

/**
 * Opens the station of a data directory, does the work, closes it whatever happened. Faults besides those of
 * `createStation`: `not-found` where no station is, `bad-input`, `ble-missing`, `ble-off`, `ble-denied` for an adapter that was asked for.
 */
export async function withStation<T>(
  options: CommonOptions,
  work: (station: Station) => Promise<T> | T,
  config: StationSettings = {},
): Promise<T> {
  await using ble = config.ble === undefined ? null : createBleCentral(config.ble);
  try {
    await ble?.ready(new AbortController().signal);
  } catch (error) {
    if (!(error instanceof Fault) || config.onBleFault === undefined) throw error;
    config.onBleFault(error);
  }
  if (config.begins !== true) requireStationIn(dataDirOf(options));
  const platform = createNodePlatform(dataDirOf(options), ble === null ? {} : { ble });
  const station = await createStation(platform, {
    slots: config.slots === 'remembered' ? 'remembered' : slotsOf(config.slots ?? [], config.boardPath),
    boardPath: config.boardPath,
    appVersion: APP_VERSION,
    program: programName(),
    control: config.control,
    sampleLine: config.sampleLine,
    autoSync: config.autoSync ?? false,
    waitForSpace: config.waitForSpace ?? true,
    moved: config.moved,
    resumeRuns: config.resumeRuns ?? 'not-now',
  });
  try {
    return await work(station);
  } finally {
    await station.close();
  }
}

/**
 * For commands that only read: opens the station, which settles what a crash left, or reads the database beside the Gongwei
 * that owns it.
 */
export async function withDatabase<T>(
  options: CommonOptions,
  work: (database: ReadableDatabase) => Promise<T> | T,
): Promise<T> {
  try {
    return await withStation(options, (station) => work(station.database));
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'data-busy') throw error;
  }
  const database = openStationDatabaseForReading(dataDirOf(options));
  try {
    return await work(database);
  } finally {
    database.close();
  }
}
