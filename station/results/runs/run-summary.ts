import type { RunSummary } from '#shared/contract/index.ts';
import { passedUnproven } from '#shared/domain/read-back.ts';
import { unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { RunRow } from '../../core/database/index.ts';

export function toSummary(run: RunRow): RunSummary {
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
    ...(passedUnproven(run) ? { unproven: true } : {}),
    startedAtMs: run.startedAtMs,
    finishedAtMs: run.finishedAtMs,
    failure: failure === null ? null : { ...failure, details: { ...failure.details } },
  };
}
