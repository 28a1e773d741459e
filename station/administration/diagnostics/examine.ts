import { hostSystem } from '#node-kit/host-system/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { BleCentral, Platform } from '../../core/platform/index.ts';
import { findScriptSandbox, scriptNode } from '../../execution/scripts/index.ts';
import {
  lockDataDir,
  openStationDatabaseForReading,
  type ReadableDatabase,
} from '../../core/database/index.ts';
import { readStoredSlots } from '../../execution/slots/index.ts';
import {
  createInstruments,
  type Instruments,
  readInstrumentSettings,
} from '../../devices/instruments/index.ts';
import { type Printer, readPrinterSetting, StationPrinter } from '../../results/printing/index.ts';
import { recordingLimits } from '../settings/index.ts';
import { type Check, fine, note, runCheck } from './check.ts';
import { checkPrinter } from './check-printer.ts';
import { checkInstruments, type InstrumentsToCheck, neededBySelected } from './check-instruments.ts';
import { checkFigures, checkRecords, checkSchema } from './check-records.ts';
import { checkBle, checkPorts, checkRegistry } from './check-environment.ts';
import {
  checkBackups,
  checkDatabase,
  checkDirectory,
  checkDisk,
  checkHighWaterMark,
  checkBinding,
  checkIdentity,
  checkRetention,
  checkLog,
  checkOutbox,
  checkRecordings,
  checkRights,
  checkSecrets,
  checkAuditTrail,
} from './check-data.ts';
import { checkScripts } from './check-scripts.ts';
import { reachRegistry } from './reach-registry.ts';

export interface Examination {
  /** Ports of the slots; `stored`: those that the data directory remembers. */
  readonly ports: readonly string[] | 'stored';
  /** Null when no Bluetooth adapter is used. */
  readonly ble: BleCentral | null;
  /**
   * False: the database and the newest backup are not read to their end, and neither records are compared nor secrets opened, so
   * that a running station is not delayed. Default true.
   */
  readonly thorough?: boolean;
  /** The label printer of a running station, `null` when it has none. Left out: the one that the data directory remembers. */
  readonly printer?: Printer | null;
  /** The instruments of a running station, which slots may have. Left out: no slot has one. */
  readonly instruments?: Instruments;
}

/**
 * Checks data directory, database, disk, registry, ports and Bluetooth, one after the other. It changes nothing except that it
 * removes the permissions of other users from the data directory. The station may run, or be unable to open. Faults: the signal's reason.
 */
export async function* examine(
  platform: Platform,
  { ports: named, ble, thorough = true, printer: given, instruments }: Examination,
  signal: AbortSignal,
): AsyncGenerator<Check> {
  const { dataDir } = platform.paths;
  const directory = checkDirectory(dataDir);
  yield directory;
  if (directory.message.startsWith('there is no')) return;
  yield checkRights(dataDir);
  yield checkDisk(dataDir);
  yield await checkLog(platform);
  yield checkScripts(
    await findScriptSandbox(scriptNode(), hostSystem().platform, dataDir),
    hostSystem().platform,
    process.getuid?.() === 0,
  );
  let database: ReadableDatabase | null = null;
  const opened = await runCheck('database', () => {
    database = openStationDatabaseForReading(dataDir);
    return thorough ? checkDatabase(database, signal) : fine('database', `${database.file} opens`);
  });
  yield opened;
  yield await runCheck('backup', () => checkBackups(dataDir, platform.clock.nowMs(), thorough, signal));
  const stored = database === null ? NOTHING_STORED : readStored(database, platform);
  const depth = { isIntact: opened.level !== 'fail', thorough };
  if (database !== null) yield* checkDatabaseContent(database, depth, platform, signal);
  const ports = named === 'stored' ? stored.ports : named;
  const printer = given === undefined ? stored.printer : given;
  yield* await checkPorts(ports, isFree(dataDir), platform, signal);
  yield await checkBle(ble, ports, signal);
  if (printer !== null) yield await checkPrinter(printer, signal);
  const { settings, needed } = stored.instruments;
  const lender = instruments ?? createInstruments(() => settings, platform.clock);
  yield* checkInstruments({ settings, needed, lender }, platform, signal);
}

interface Stored {
  readonly ports: readonly string[];
  readonly printer: Printer | null;
  readonly instruments: Omit<InstrumentsToCheck, 'lender'>;
}
const NOTHING_STORED: Stored = { ports: [], printer: null, instruments: { settings: [], needed: [] } };

/** What the data directory remembers of ports and printer; nothing where that cannot be read. */
function readStored(database: ReadableDatabase, platform: Platform): Stored {
  try {
    const setting = readPrinterSetting(database);
    return {
      ports: readStoredSlots(database).map(({ portPath }) => portPath),
      instruments: { settings: readInstrumentSettings(database), needed: neededBySelected(database) },
      printer: setting === null ? null : new StationPrinter({ platform, setting: () => setting }),
    };
  } catch (error) {
    // The check of the database reports what is wrong with it.
    if (error instanceof Fault) return NOTHING_STORED;
    throw error;
  }
}

async function* checkDatabaseContent(
  database: ReadableDatabase,
  { isIntact, thorough }: { readonly isIntact: boolean; readonly thorough: boolean },
  platform: Platform,
  signal: AbortSignal,
): AsyncGenerator<Check> {
  try {
    // The content of a damaged database is not checked.
    if (isIntact) {
      yield await runCheck('end', () => checkHighWaterMark(database));
      yield await runCheck('home', () => checkBinding(database, platform));
      yield await runCheck('schema', () => checkSchema(database));
      if (thorough) {
        yield await runCheck('identity', () => checkIdentity(database, signal));
        yield await runCheck('audit', () => checkAuditTrail(database, signal));
        yield await runCheck('records', () => checkRecords(platform.paths.dataDir, database, signal));
        yield await runCheck('figures', () => checkFigures(platform.paths.dataDir, signal));
      }
      yield await runCheck('recordings', () =>
        checkRecordings(platform.paths.dataDir, recordingLimits(database)),
      );
      yield await runCheck('keeping', () => checkRetention(database, platform.clock.nowMs()));
      yield await runCheck('outbox', () => checkOutbox(database, platform.clock.nowMs()));
    }
    if (thorough) yield await runCheck('secrets', () => checkSecrets(database, platform, signal));
    let checks: Check[] = [];
    const reached = await runCheck('registry', async () => {
      const registry = await reachRegistry(database, platform);
      if (registry === null)
        return note(
          'registry',
          'this station is bound to no registry: its results stay on this computer',
          'Bind it when there is one: "station configure".',
          'not-configured',
        );
      checks = await checkRegistry(registry, database, platform, signal);
      return checks[0] ?? fine('registry', 'answers');
    });
    yield* checks.length === 0 ? [reached] : checks;
  } finally {
    database.close();
  }
}

/** Whether no process owns the data directory. */
function isFree(dataDir: string): boolean {
  try {
    lockDataDir(dataDir)[Symbol.dispose]();
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}
