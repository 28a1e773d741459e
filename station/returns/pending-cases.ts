import { unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { PendingCase } from '#shared/contract/index.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import type { ReadableDatabase } from '../core/database/index.ts';

/** Conflicts that a station cannot resolve without a person. */
const CONFLICTS: readonly FaultCode[] = ['identity-conflict', 'serial-conflict', 'unit-on-two-slots'];

/** Units whose last run ended in a conflict and for which no return was recorded since, newest first. */
export function pendingCases(database: ReadableDatabase): PendingCase[] {
  return database.runs
    .listLastFailedWith(CONFLICTS)
    .filter(({ chipId, finishedAtMs }) => {
      const entries = chipId === null ? [] : database.audit.listOfSubject(chipId);
      return !entries.some(({ action, at }) => action.startsWith('returns.') && at >= (finishedAtMs ?? 0));
    })
    .map((run) => ({
      chipId: run.chipId,
      unitId: unitIdOrNull(run),
      serialNumber: run.serialNumber,
      slot: run.slot,
      runId: run.runId,
      atMs: run.finishedAtMs ?? run.startedAtMs,
      failure: {
        code: run.failure?.code ?? 'internal',
        message: run.failure?.message ?? '',
        hint: run.failure?.hint ?? null,
        details: { ...run.failure?.details },
      },
    }));
}
