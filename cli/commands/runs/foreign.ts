import { macOrNull } from '#shared/domain/unit-id.ts';
import { type FixedRunFilter, fromRecord, type ReadableDatabase } from '#station';
import { formatLocalTime } from '../../format-time.ts';

type ForeignRun = ReturnType<ReadableDatabase['foreignRuns']['find']>[number];

/** The imported runs that match the conditions which other stations have, too; none for a condition that only own runs can meet. */
export function findForeign(database: ReadableDatabase, filter: FixedRunFilter, limit: number): ForeignRun[] {
  const { batchId, outcomes, failurePhase, failureStep, failureMeasurement, slot, operator, recipe, first } =
    filter;
  const isOwn = [failurePhase, failureStep, failureMeasurement, slot, operator, recipe, first].some(
    (condition) => condition !== undefined,
  );
  if (isOwn) return [];
  const ended = outcomes?.filter((outcome) => outcome !== 'running');
  const batch = batchId === undefined ? undefined : (database.batches.findById(batchId)?.name ?? batchId);
  const { text, serialNumber, failureCode, station, fromAtMs, toAtMs } = filter;
  const conditions = { text, serialNumber, failureCode, station, fromAtMs, toAtMs, batch, outcomes: ended };
  return database.foreignRuns.find(conditions, null, limit);
}

export function rowOfForeign(row: ForeignRun): object {
  const run = fromRecord(row.record);
  return {
    run: run.runId,
    batch: run.batchId,
    batchName: run.batch,
    serialNumber: run.serialNumber,
    mac: macOrNull(run.unitId),
    unitId: run.unitId,
    outcome: run.outcome,
    unproven: run.outcome === 'PASS' && run.proof?.unproven === true,
    firstFailure: run.failure,
    productId: run.productId,
    deviceName: run.deviceName,
    slot: run.slot,
    station: run.station,
    operator: run.operator,
    appVersion: run.appVersion,
    recipeHash: run.recipe.hash,
    startedAtMs: run.startedAtMs,
    finishedAtMs: run.finishedAtMs,
    ms: run.finishedAtMs - run.startedAtMs,
    /** An import takes no files. */
    attachments: 0,
    foreign: row.sourceId,
  };
}

export function cellsOfForeign(row: ForeignRun): string[] {
  const { failure, slot, station } = fromRecord(row.record);
  return [
    formatLocalTime(row.startedAtMs),
    row.serialNumber ?? '-',
    row.unitId ?? '-',
    row.outcome,
    failure === null ? '' : `${failure.code}${failure.step === '' ? '' : ` (${failure.step})`}`,
    row.deviceName ?? '-',
    slot === null ? '-' : String(slot),
    `${row.batchName} (foreign${station === '' ? '' : `: ${station}`})`,
    row.runId,
  ];
}
