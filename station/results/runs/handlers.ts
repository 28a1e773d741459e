import type { RunSummary, SectionHandlers } from '#shared/contract/index.ts';
import { unitIdOrNull } from '#shared/domain/unit-id.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { RunRow, Store } from '../../core/database/index.ts';

export function runHandlers({ store }: { readonly store: Store }): SectionHandlers<'runs'> {
  return {
    'runs.list': ({ batchId, limit }) => ({ runs: store.runs.ofBatch(batchId, limit).map(toSummary) }),
    'runs.get': ({ runId }) => {
      const run = requireRun(store.runs.byId(runId), runId);
      const steps = store.runs.steps(runId);
      const measurements = store.runs.measurements(runId).map(({ stepSeq, ...measured }) => {
        const { phase = '', step = '', attempt = 1 } = steps.find((s) => s.seq === stepSeq) ?? {};
        return { phase, step, attempt, ...measured };
      });
      const views = steps.map(({ phase, step, attempt, outcome, ms, failure }) => ({
        phase,
        step,
        attempt,
        outcome,
        ms,
        failure: failure === null ? null : { ...failure, details: { ...failure.details } },
      }));
      return { run: toSummary(run), steps: views, measurements };
    },
  };
}

/** Faults: `not-found`. */
export function requireRun(run: RunRow | null, runId: string): RunRow {
  if (run !== null) return run;
  throw new Fault('not-found', `there is no run ${runId}`, { hint: 'Its id is in the report of its batch.' });
}

function toSummary(run: RunRow): RunSummary {
  const { runId, batchId, slot, serialNumber, chipId, deviceName, outcome, failure } = run;
  return {
    runId,
    batchId,
    slot,
    serialNumber,
    chipId,
    unitId: unitIdOrNull(run),
    deviceName,
    outcome,
    startedAtMs: run.startedAt,
    finishedAtMs: run.finishedAt,
    failure: failure === null ? null : { ...failure, details: { ...failure.details } },
  };
}
