import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';
import type { RegistryEvent } from '#shared/registry-api/index.ts';
import type { FinishedRun, RunRow, WritableDatabase } from '../../core/database/index.ts';

type RunFinished = Extract<RegistryEvent, { kind: 'run.finished' }>;

/** The key under which the registry knows a run; it applies each key once. */
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
 * Writes the end of a run: its outcome, the serial number of a unit that passed, the message for the registry. Must be
 * called in one transaction, so that none of them exists without the others.
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
    // Messages about one unit stay in order; a unit that was not identified is known by its serial number.
    orderKey: run.chipId ?? run.serialNumber ?? runId,
    kind: 'run.finished',
    payload: JSON.stringify(toPayload(run)),
    createdAtMs: atMs,
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
    startedAtMs: run.startedAtMs,
    finishedAtMs: run.finishedAtMs ?? run.startedAtMs,
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

/** Cut to the length that the registry takes; a script may fail with a long message, and the record has all of it. */
function short(text: string, maxCharacters = 200): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 1)}…`;
}
