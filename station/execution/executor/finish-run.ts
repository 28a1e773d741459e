import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';
import type { RegistryEvent } from '#shared/registry-api/index.ts';
import type { FinishedRun, RunRow, WritableDatabase } from '../../core/database/index.ts';

type RunFinished = Extract<RegistryEvent, { kind: 'run.finished' }>;

/** The key under which the registry knows a run, whatever is sent however often. */
export function runKey(runId: string): string {
  return `run:${runId}`;
}

/** `writeEnd` as a durable transaction of its own. */
export function finishRun(
  database: WritableDatabase,
  runId: string,
  atMs: number,
  outcome: Outcome,
  failure: RunFailure | null,
): RunRow {
  return database.writeReserved(() => writeEnd(database, runId, atMs, outcome, failure));
}

/**
 * Ends a run: its outcome, the serial number of a unit that passed, and the message for the registry. To be called in
 * one transaction: nothing of it can be there without the rest.
 */
export function writeEnd(
  database: WritableDatabase,
  runId: string,
  atMs: number,
  outcome: Outcome,
  failure: RunFailure | null,
): RunRow {
  const run = database.runs.finish(runId, atMs, outcome, failure);
  if (run === null) throw new Error(`run ${runId} vanished`);
  if (outcome === 'PASS' && run.unitId !== null && run.serialNumber !== null) {
    database.units.setSerialNumber(run.unitId, run.serialNumber);
  }
  database.outbox.add({
    key: runKey(runId),
    // Everything about one unit stays in order; a unit that never said who it is goes by its serial number.
    orderKey: run.chipId ?? run.serialNumber ?? runId,
    kind: 'run.finished',
    payload: JSON.stringify(toPayload(run)),
    createdAt: atMs,
  });
  return run;
}

function toPayload(run: FinishedRun): RunFinished['payload'] {
  const { productId, deviceName, tripleState } = run;
  const burned = tripleState === 'burned' || tripleState === 'registered';
  return {
    runId: run.runId,
    station: run.station,
    batchId: run.batchId,
    batchName: short(run.batchName ?? ''),
    recipeHash: run.recipeHash,
    firmwareSha256: run.firmwareSha256 ?? null,
    appVersion: run.appVersion,
    operator: short(run.operator),
    serialNumber: run.serialNumber,
    chipId: run.chipId,
    outcome: run.outcome ?? 'ERROR',
    startedAtMs: run.startedAt,
    finishedAtMs: run.finishedAt ?? run.startedAt,
    firstFailure:
      run.failure === null
        ? null
        : {
            code: run.failure.code,
            phase: short(run.failure.phase),
            step: short(run.failure.step),
            message: short(run.failure.message, 4000),
          },
    identity:
      burned && productId !== null && deviceName !== null
        ? { productId, deviceName, state: 'burned', proof: run.proof ?? { readBack: 'none', online: 'none' } }
        : null,
  };
}

/** The registry takes so many characters; a script may fail with a whole page. The record has all of it. */
function short(text: string, most = 200): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
