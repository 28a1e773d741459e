import type { RunFailure } from '#shared/domain/outcome.ts';
import type { Ledger } from '../identity/index.ts';
import type { Clock } from '../platform/index.ts';
import type { Store } from '../store/index.ts';
import { finishRun } from './finish-run.ts';

export interface Recovery {
  /** Triples whose writing was cut off: in doubt until their device is asked. */
  readonly inDoubt: number;
  /** Runs that were under way: ended as ERROR with everything measured so far. */
  readonly interruptedRuns: readonly string[];
}

/** What a station does first after a start, however it stopped. */
export function recover(store: Store, ledger: Ledger, clock: Clock): Recovery {
  const inDoubt = ledger.recover();
  const interruptedRuns: string[] = [];
  for (const run of store.runs.unfinished()) {
    const last = store.runs.steps(run.runId).at(-1);
    const failure: RunFailure = {
      code: 'interrupted',
      phase: last?.phase ?? '',
      step: last?.step ?? '',
      message: 'the station stopped in the middle of this run',
      hint: 'Put the unit on a slot again.',
      details: {},
    };
    finishRun(store, run.runId, Math.max(clock.nowMs(), run.startedAt), 'ERROR', failure);
    interruptedRuns.push(run.runId);
  }
  return { inDoubt, interruptedRuns };
}
