import { existsSync } from 'node:fs';
import type { RestorePreview } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../../core/platform/index.ts';
import { readBackupContent, readBackupKeys, type ReadableDatabase } from '../../core/database/index.ts';
import { keyFileOf, STATES_IN_UNITS, UNCERTAIN_STATES } from '../recovery/index.ts';
import type { WatchedReading } from './backup-work.ts';
import { checkChosenBackup } from './check-chosen-backup.ts';

/**
 * What the restore of a backup will do. Reads the backup to its end, beside other work. Faults: those of `checkChosenBackup`.
 *
 * @param present the database that it would replace
 */
export async function previewRestore(
  { secretBox }: Platform,
  present: ReadableDatabase,
  path: string,
  reading: WatchedReading,
): Promise<Omit<RestorePreview, 'name'>> {
  const { upToMs } = await checkChosenBackup(path, reading);
  const { runs, knownTriples, triples, users } = await readBackupContent(path, present.file, reading.signal);
  const presentTriples = present.triples
    .countByState()
    .flatMap(({ states }) => Object.values(states))
    .reduce((sum, count) => sum + count, 0);
  const sumOf = (states: readonly string[]): number =>
    states.reduce((sum, state) => sum + (triples[state] ?? 0), 0);
  const after = new Set(users.map(({ name }) => name));
  return {
    upToMs,
    runsSince: Math.max(0, present.runs.count() - runs),
    // The names that the backup lacks are carried over, and are not used either.
    quarantined: sumOf(UNCERTAIN_STATES) + presentTriples - knownTriples,
    inUnits: sumOf(STATES_IN_UNITS),
    key: (await opensHere(secretBox, path)) ? 'own' : existsSync(keyFileOf(path)) ? 'beside' : 'none',
    users: users.map(({ name, role }) => ({ name, role })),
    usersGone: present.users
      .list()
      .map(({ name }) => name)
      .filter((name) => !after.has(name)),
  };
}

/** Whether this computer's own key opens the secrets of the backup. */
async function opensHere(secretBox: Platform['secretBox'], path: string): Promise<boolean> {
  try {
    for (const { wrapped } of readBackupKeys(path)) (await secretBox.unwrap(wrapped)).fill(0);
    return true;
  } catch (error) {
    if (error instanceof Fault && error.code === 'secret-unreadable') return false;
    throw error;
  }
}
