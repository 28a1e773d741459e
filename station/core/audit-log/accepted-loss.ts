import type { ReadableDatabase, WritableDatabase } from '../database/index.ts';
import { type AuditTrail, readDetails } from './audit-trail.ts';
import { RESTORE } from './journal-digests.ts';
import { counted } from '#shared/words/index.ts';
import type { Actor } from '#shared/rpc/index.ts';

const LEFT_BEHIND = 'run.left-behind';
const RUNS_PER_ENTRY = 200;

/**
 * Records the runs that remain in the database that a restore replaces, so that a later comparison with the registry does not
 * take them for removed ones. Called in the transaction of the restore, after the merge. Returns how many there are.
 */
export function recordRunsLeftBehind(
  database: WritableDatabase,
  trail: AuditTrail,
  by: Actor,
  runIds: readonly string[],
): number {
  const leftBehind = runIds.filter((runId) => database.runs.findById(runId) === null);
  for (let offset = 0; offset < leftBehind.length; offset += RUNS_PER_ENTRY) {
    const block = leftBehind.slice(offset, offset + RUNS_PER_ENTRY);
    trail.record(by, LEFT_BEHIND, counted(block.length, 'run'), { runs: block.join(' ') });
  }
  return leftBehind.length;
}

/** Runs that are missing with the approval of two people in the trail. */
export interface AcceptedLoss {
  /** The runs that remain in replaced databases, by id. */
  readonly leftBehind: ReadonlySet<string>;
  /** How many more were lost with the end of a write-ahead log; their ids are unknown. */
  readonly unnamed: number;
}

/** The losses that restores have accepted. */
export function readAcceptedLoss(database: ReadableDatabase): AcceptedLoss {
  const leftBehind = new Set<string>();
  let unnamed = 0;
  for (const { action, details } of database.audit.iterate()) {
    if (action === LEFT_BEHIND) {
      const { runs } = readDetails(details);
      if (typeof runs === 'string') for (const runId of runs.split(' ')) leftBehind.add(runId);
    } else if (action === RESTORE) {
      const { runsLost } = readDetails(details);
      if (typeof runsLost === 'number') unnamed += runsLost;
    }
  }
  return { leftBehind, unnamed };
}
