import { Fault } from '#shared/domain/fault.ts';
import type { BleCentral, Platform } from '../../core/platform/index.ts';
import { findScriptSandbox, scriptNode } from '../../execution/scripts/index.ts';
import { lockDataDir, openStoreForReading, type Store } from '../../core/database/index.ts';
import { recordingLimits } from '../settings/index.ts';
import { type Check, fine, looked, warning } from './check.ts';
import { lookAtRecords, lookAtSchema } from './check-records.ts';
import { lookAtBle, lookAtPorts, lookAtRegistry } from './check-environment.ts';
import {
  lookAtBackups,
  lookAtDatabase,
  lookAtDirectory,
  lookAtDisk,
  lookAtEnd,
  lookAtHome,
  lookAtIdentity,
  lookAtKeeping,
  lookAtLog,
  lookAtOutbox,
  lookAtRecordings,
  lookAtRights,
  lookAtSecrets,
  lookAtTrail,
} from './check-data.ts';
import { lookAtScripts } from './check-scripts.ts';
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
  const directory = lookAtDirectory(dataDir);
  yield directory;
  if (directory.message.startsWith('there is no')) return;
  yield lookAtRights(dataDir);
  yield lookAtDisk(dataDir);
  yield await lookAtLog(platform);
  yield lookAtScripts(
    await findScriptSandbox(scriptNode(), process.platform, dataDir),
    process.platform,
    process.getuid?.() === 0,
  );
  let store: Store | null = null;
  const opened = await looked('database', () => {
    store = openStoreForReading(dataDir);
    return lookAtDatabase(store);
  });
  yield opened;
  yield await looked('backup', () => lookAtBackups(dataDir, platform.clock.nowMs()));
  if (store !== null) yield* lookInto(store, opened.level !== 'fail', platform, signal);
  yield* await lookAtPorts(ports, isFree(dataDir), platform, signal);
  yield await lookAtBle(ble, signal);
}

async function* lookInto(
  store: Store,
  sound: boolean,
  platform: Platform,
  signal: AbortSignal,
): AsyncGenerator<Check> {
  try {
    // A damaged database can say anything; what it says of itself then is no finding.
    if (sound) {
      yield await looked('end', () => lookAtEnd(store));
      yield await looked('home', () => lookAtHome(store, platform));
      yield await looked('identity', () => lookAtIdentity(store));
      yield await looked('audit', () => lookAtTrail(store));
      yield await looked('schema', () => lookAtSchema(store));
      yield await looked('records', () => lookAtRecords(store, signal));
      yield await looked('recordings', () =>
        lookAtRecordings(platform.paths.dataDir, recordingLimits(store)),
      );
      yield await looked('keeping', () => lookAtKeeping(store, platform.clock.nowMs()));
      yield await looked('outbox', () => lookAtOutbox(store, platform.clock.nowMs()));
    }
    yield await looked('secrets', () => lookAtSecrets(store, platform));
    let checks: Check[] = [];
    const reached = await looked('registry', async () => {
      const registry = await reachRegistry(store, platform);
      if (registry === null)
        return warning('registry', 'this station is bound to none', 'Bind it: "station configure".');
      checks = await lookAtRegistry(registry, store, platform, signal);
      return checks[0] ?? fine('registry', 'answers');
    });
    yield* checks.length === 0 ? [reached] : checks;
  } finally {
    store.close();
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
