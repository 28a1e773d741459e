import type { Store } from '../store/index.ts';
import { type Actor, type AuditTrail, readDetails } from './audit-trail.ts';

const LEFT_BEHIND = 'run.left-behind';
const RUNS_PER_ENTRY = 200;

/**
 * Names the runs that a restore leaves in the database it sets aside: whoever compares with the registry later can tell
 * them from runs that somebody removed. Call it in the transaction of the restore, when the rest was carried over.
 */
export function noteLeftBehind(store: Store, trail: AuditTrail, by: Actor, runIds: readonly string[]): void {
  const left = runIds.filter((runId) => store.runs.byId(runId) === null);
  for (let at = 0; at < left.length; at += RUNS_PER_ENTRY) {
    const some = left.slice(at, at + RUNS_PER_ENTRY);
    trail.note(by, LEFT_BEHIND, `${some.length} runs`, { runs: some.join(' ') });
  }
}

/** All that restores have left behind. */
export function leftBehind(store: Store): ReadonlySet<string> {
  const all = new Set<string>();
  for (const { action, details } of store.audit.inOrder()) {
    if (action !== LEFT_BEHIND) continue;
    const { runs } = readDetails(details);
    if (typeof runs === 'string') for (const runId of runs.split(' ')) all.add(runId);
  }
  return all;
}
