import { unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { PendingCase } from '#shared/contract/index.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import type { WritableDatabase } from '../core/database/index.ts';

/** What a station cannot decide alone. */
const CONTESTED: readonly FaultCode[] = ['identity-conflict', 'serial-conflict', 'unit-on-two-slots'];

/**
 * Units that stopped a slot and wait for support, the latest first: their last run ended in a conflict, and the returns
 * desk has done nothing since.
 */
export function pendingCases(database: WritableDatabase): PendingCase[] {
  return database.runs
    .listLastFailedWith(CONTESTED)
    .filter(({ chipId, finishedAt }) => {
      const acts = chipId === null ? [] : database.audit.listOfSubject(chipId);
      return !acts.some(({ action, at }) => action.startsWith('returns.') && at >= (finishedAt ?? 0));
    })
    .map((run) => ({
      chipId: run.chipId,
      unitId: unitIdOrNull(run),
      serialNumber: run.serialNumber,
      slot: run.slot,
      runId: run.runId,
      atMs: run.finishedAt ?? run.startedAt,
      failure: {
        code: run.failure?.code ?? 'internal',
        message: run.failure?.message ?? '',
        hint: run.failure?.hint ?? null,
        details: { ...run.failure?.details },
      },
    }));
}
