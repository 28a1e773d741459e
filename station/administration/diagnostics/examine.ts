import { Fault } from '#shared/domain/fault.ts';
import type { BleCentral, Platform } from '../../core/platform/index.ts';
import { findScriptFence, scriptNode } from '../../execution/scripts/index.ts';
import {
  lockDataDir,
  openStationDatabaseForReading,
  type ReadableDatabase,
} from '../../core/database/index.ts';
import { recordingLimits } from '../settings/index.ts';
import { type Check, fine, looked, warning } from './check.ts';
import { checkRecords, checkSchema } from './check-records.ts';
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
  /** Ports of the slots. */
  readonly ports: readonly string[];
  /** Null when the line needs no Bluetooth. */
  readonly ble: BleCentral | null;
}

/**
 * Looks at everything a station stands on and says what it finds, one after the other. It only looks, except that
 * it takes the rights of other users from the data directory: a station that is at work goes on, and one that cannot
 * open is looked at all the same. Faults: the signal's reason.
 */
export async function* examine(
  platform: Platform,
  { ports, ble }: Examination,
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
    await findScriptFence(scriptNode(), process.platform, dataDir),
    process.platform,
    process.getuid?.() === 0,
  );
  let database: ReadableDatabase | null = null;
  const opened = await looked('database', () => {
    database = openStationDatabaseForReading(dataDir);
    return checkDatabase(database);
  });
  yield opened;
  yield await looked('backup', () => checkBackups(dataDir, platform.clock.nowMs()));
  if (database !== null) yield* lookInto(database, opened.level !== 'fail', platform, signal);
  yield* await checkPorts(ports, isFree(dataDir), platform, signal);
  yield await checkBle(ble, signal);
}

async function* lookInto(
  database: ReadableDatabase,
  sound: boolean,
  platform: Platform,
  signal: AbortSignal,
): AsyncGenerator<Check> {
  try {
    // A damaged database can say anything; what it says of itself then is no finding.
    if (sound) {
      yield await looked('end', () => checkHighWaterMark(database));
      yield await looked('home', () => checkBinding(database, platform));
      yield await looked('identity', () => checkIdentity(database));
      yield await looked('audit', () => checkAuditTrail(database));
      yield await looked('schema', () => checkSchema(database));
      yield await looked('records', () => checkRecords(database, signal));
      yield await looked('recordings', () =>
        checkRecordings(platform.paths.dataDir, recordingLimits(database)),
      );
      yield await looked('keeping', () => checkRetention(database, platform.clock.nowMs()));
      yield await looked('outbox', () => checkOutbox(database, platform.clock.nowMs()));
    }
    yield await looked('secrets', () => checkSecrets(database, platform));
    let checks: Check[] = [];
    const reached = await looked('registry', async () => {
      const registry = await reachRegistry(database, platform);
      if (registry === null)
        return warning('registry', 'this station is bound to none', 'Bind it: "station configure".');
      checks = await checkRegistry(registry, database, platform, signal);
      return checks[0] ?? fine('registry', 'answers');
    });
    yield* checks.length === 0 ? [reached] : checks;
  } finally {
    database.close();
  }
}

/** Whether nobody works in the data directory now. */
function isFree(dataDir: string): boolean {
  try {
    lockDataDir(dataDir)[Symbol.dispose]();
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}
