/** Lists and reads recorded runs. */
import type { RunSummary, SectionHandlers } from '#shared/contract/index.ts';
import { unitIdOrNull } from '#shared/domain/unit-id.ts';
import { requireRun, type ReadableDatabase, type RunRow } from '../../core/database/index.ts';

export function runHandlers({ database }: { readonly database: ReadableDatabase }): SectionHandlers<'runs'> {
  return {
    'runs.list': ({ batchId, limit }) => ({ runs: database.runs.listOfBatch(batchId, limit).map(toSummary) }),
    'runs.get': ({ runId }) => {
      const run = requireRun(database, runId);
      const steps = database.runs.listSteps(runId);
      const measurements = database.runs.listMeasurements(runId).map(({ stepSeq, ...measured }) => {
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
    startedAtMs: run.startedAtMs,
    finishedAtMs: run.finishedAtMs,
    failure: failure === null ? null : { ...failure, details: { ...failure.details } },
  };
}
