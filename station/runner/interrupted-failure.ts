import type { RunFailure } from '#shared/domain/outcome.ts';
import type { Store } from '../store/index.ts';

/** Why a run ends that a stop of the station cut off: after the last step that is in its record. */
export function interruptedFailure(store: Store, runId: string): RunFailure {
  const last = store.runs.steps(runId).at(-1);
  return {
    code: 'interrupted',
    phase: last?.phase ?? '',
    step: last?.step ?? '',
    message: 'the station stopped in the middle of this run',
    hint: 'Put the unit on a slot again.',
    details: {},
  };
}
