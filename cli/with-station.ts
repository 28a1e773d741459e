import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import { slotsOf } from '#shared/host/index.ts';
import {
  createBleCentral,
  createNodePlatform,
  createStation,
  openReopenableStation,
  openStationDatabaseForReading,
  type Platform,
  type ReopenableStation,
  type Station,
  type StationConfig,
  type ReadableDatabase,
} from '#station';
import { type CommonOptions, dataDirOf } from './command.ts';
import { cliCommand } from './sample-line/cli-process.ts';
import { APP_VERSION, programName, resource } from './program.ts';
import { requireStationIn } from './data-directories.ts';

export interface StationSettings {
  /** Ports by path or location; `remembered`: those that were assigned with `station slots`. Default none. */
  readonly slots?: readonly string[] | 'remembered';
  /** Port of the fixtures' relay board, which all slots share. */
  readonly boardPath?: string | undefined;
  readonly autoSync?: boolean;
  /** False for a command that must fail instead of waiting until disk space is free. */
  readonly waitForSpace?: boolean;
  readonly moved?: StationConfig['moved'];
  /** Omitted for a command that runs no units: it does not resume runs. */
  readonly resume?: Exclude<StationConfig['resume'], undefined>;
  /** True for a command that may create a new station. Any other command fails without one. */
  readonly createIfMissing?: boolean;
  /** Bluetooth adapter, in the form of `--ble`. */
  readonly ble?: string | undefined;
  /** True for a station that stays open: it accepts the commands of `user`. */
  readonly control?: boolean;
  readonly sampleLine?: boolean;
  readonly onSampleLineEnd?: StationConfig['onSampleLineEnd'];
  /** Called when the adapter cannot be used. Without it the command fails with that fault. */
  readonly onBleFault?: (fault: Fault) => void;
}

/**
 * Opens the station of a data directory, does the work and always closes it. Faults besides those of `createStation`:
 * `not-found` without a station; `bad-input`, `ble-missing`, `ble-off`, `ble-denied` for a requested adapter.
 */
export async function withStation<T>(
  options: CommonOptions,
  work: (station: Station) => Promise<T> | T,
  config: StationSettings = {},
): Promise<T> {
  await using stack = new AsyncDisposableStack();
  const opening = await prepare(options, config, stack);
  const station = await createStation(opening.platform, opening.config);
  try {
    return await work(station);
  } finally {
    await station.close();
  }
}

/**
 * As `withStation`, for a station with pages, which may close it and open it again. An adapter or a board that an engineer
 * chose by page is used where `config` has none. The work ends when `brokenSignal` fires; its reason is then thrown.
 */
export async function withReopenableStation(
  options: CommonOptions,
  work: (station: ReopenableStation) => Promise<void>,
  config: StationSettings = {},
): Promise<void> {
  const station = await openReopenableStation(dataDirOf(options), ({ ble, board }, stack) =>
    prepare(
      options,
      { ...config, ble: config.ble ?? ble ?? undefined, boardPath: config.boardPath ?? board ?? undefined },
      stack,
    ),
  );
  try {
    await work(station);
    station.brokenSignal.throwIfAborted();
  } finally {
    await station.close();
  }
}

async function prepare(
  options: CommonOptions,
  config: StationSettings,
  stack: AsyncDisposableStack,
): Promise<{ readonly platform: Platform; readonly config: StationConfig }> {
  const ble = config.ble === undefined ? null : stack.use(createBleCentral(config.ble));
  try {
    await ble?.ready(new AbortController().signal);
  } catch (error) {
    if (!(error instanceof Fault) || config.onBleFault === undefined) throw error;
    config.onBleFault(error);
  }
  if (config.createIfMissing !== true) requireStationIn(dataDirOf(options));
  return {
    platform: createNodePlatform(dataDirOf(options), ble === null ? {} : { ble }),
    config: {
      slots: config.slots === 'remembered' ? 'remembered' : slotsOf(config.slots ?? [], config.boardPath),
      boardPath: config.boardPath,
      appVersion: APP_VERSION,
      program: programName(),
      examplesDir: resource('resources/recipes'),
      labelsDir: resource('resources/labels'),
      dryRunCommand: cliCommand(),
      control: config.control,
      sampleLine: config.sampleLine,
      onSampleLineEnd: config.onSampleLineEnd,
      autoSync: config.autoSync ?? false,
      waitForSpace: config.waitForSpace ?? true,
      moved: config.moved,
      resume: config.resume ?? 'never',
    },
  };
}

/** Faults of a station that cannot be opened here, although its records can be read. */
const READABLE: ReadonlySet<FaultCode> = new Set(['data-busy', 'secret-unreadable'] satisfies FaultCode[]);

/**
 * For every command that only reads: opens the station, which recovers from a crash. While another process owns the data, or
 * when its keys are elsewhere (in the keychain of the desktop application), it reads the database alone.
 */
export async function withDatabase<T>(
  options: CommonOptions,
  work: (database: ReadableDatabase) => Promise<T> | T,
): Promise<T> {
  let isOpen = false;
  try {
    return await withStation(options, (station) => {
      isOpen = true;
      return work(station.database);
    });
  } catch (error) {
    // A fault of the work itself is not repeated.
    if (isOpen || !(error instanceof Fault) || !READABLE.has(error.code)) throw error;
  }
  const database = openStationDatabaseForReading(dataDirOf(options));
  try {
    return await work(database);
  } finally {
    database.close();
  }
}
