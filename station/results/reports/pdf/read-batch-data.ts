import { type Outcome, OUTCOMES } from '#shared/domain/outcome.ts';
import { passedUnproven } from '#shared/domain/read-back.ts';
import type { RecipeNames } from '#shared/words/index.ts';
import { unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { BatchRow, ReadableDatabase, RunRow } from '../../../core/database/index.ts';
import { openFiguresAtOnce, readFigures, toBatchReport } from '../../figures/index.ts';
import type { ReportSource } from '../report-form.ts';
import type { BatchReportData, FailedRun, ReportFirmware } from './report-data.ts';
import { readFailedFiles } from './read-failed-files.ts';
import { readSignedBalance } from './read-signed-balance.ts';

/** Failed runs that are listed; a person reads no longer table, and the other forms have all of them. */
const MAX_FAILURES = 3_000;

/**
 * Reads what the report of a batch prints. The figures are the stored ones; the runs are read once for their origins and
 * failures. Memory does not grow with the runs. Faults: those of `source.yielder`.
 */
export async function readBatchData(
  source: Pick<ReportSource, 'barePages' | 'database' | 'onRun'>,
  batch: BatchRow,
  titles: RecipeNames,
): Promise<BatchReportData> {
  const { database } = source;
  const counted = readCounts(database, batch.batchId);
  const runs = createRunCount();
  for await (const page of source.barePages()) {
    for (const run of page) {
      runs.add(run);
      source.onRun();
    }
  }
  const { firmware, ...found } = runs.result();
  const named = batch.firmwareSha256 === null ? [] : [batch.firmwareSha256];
  return {
    batchId: batch.batchId,
    name: batch.name,
    productId: batch.productId,
    quantity: batch.quantity,
    createdAtMs: batch.createdAtMs,
    recipe: {
      ...database.batches.getRecipeName(batch.recipeHash),
      hash: batch.recipeHash,
      locked: batch.lockHash !== null,
    },
    firmware: [...new Set([...named, ...firmware])].map((sha256) => firmwareOf(database, sha256)),
    titles,
    ...counted,
    ...found,
    failedFiles: await readFailedFiles(database, found.failures),
    balance: await readSignedBalance(database, batch.batchId),
  };
}

type Counts = Pick<
  BatchReportData,
  'curve' | 'figures' | 'measurements' | 'measurementsLeftOut' | 'medianMs' | 'pareto' | 'phases'
>;

/** All figures of one state of the database, in one turn of the event loop. */
function readCounts(database: ReadableDatabase, batchId: string): Counts {
  using _snapshot = database.readSnapshot();
  const figureSource = openFiguresAtOnce(database, batchId);
  if (figureSource === null) throw new Error(`batch ${batchId} has no row`);
  const found = readFigures(figureSource);
  const { figures, phases, pareto, measurements, measurementsLeftOut } = found;
  const { medianMs } = toBatchReport(figureSource, batchId, found);
  return {
    figures,
    phases,
    pareto,
    measurements,
    measurementsLeftOut,
    medianMs,
    curve: found.curve.result(),
  };
}

function firmwareOf({ firmware }: ReadableDatabase, sha256: string): ReportFirmware {
  const known = firmware.findBySha256(sha256);
  return { sha256, name: known?.name ?? known?.packageName ?? null, version: known?.version ?? null };
}

/** Gathers what is not in the stored figures. */
function createRunCount() {
  const stations = new Set<string>();
  const operators = new Set<string>();
  const slots = new Set<number>();
  const appVersions = new Set<string>();
  const firmware = new Set<string>();
  const outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  const failures: FailedRun[] = [];
  const unprovenUnits = new Set<string>();
  let [fromMs, toMs] = [Infinity, -Infinity];
  let [running, failuresLeftOut] = [0, 0];

  function add(run: RunRow): void {
    stations.add(run.station);
    operators.add(run.operator);
    slots.add(run.slot);
    appVersions.add(run.appVersion);
    if (typeof run.firmwareSha256 === 'string') firmware.add(run.firmwareSha256);
    fromMs = Math.min(fromMs, run.startedAtMs);
    toMs = Math.max(toMs, run.finishedAtMs ?? run.startedAtMs);
    if (passedUnproven(run)) unprovenUnits.add(run.chipId ?? run.serialNumber ?? run.runId);
    if (run.outcome === null) running += 1;
    else outcomes[run.outcome] += 1;
    if (run.outcome === null || run.outcome === 'PASS') return;
    if (failures.length === MAX_FAILURES) failuresLeftOut += 1;
    else failures.push(toFailedRun(run, run.outcome));
  }

  return {
    add,
    result: () => ({
      stations: [...stations].sort(),
      operators: [...operators].sort(),
      slots: [...slots].sort((a, b) => a - b),
      appVersions: [...appVersions].sort(),
      firmware: [...firmware].sort(),
      period: fromMs === Infinity ? null : { fromMs, toMs },
      running,
      unproven: unprovenUnits.size,
      outcomes,
      failures,
      failuresLeftOut,
    }),
  };
}

function toFailedRun(run: RunRow, outcome: Outcome): FailedRun {
  return {
    runId: run.runId,
    serialNumber: run.serialNumber,
    unit: unitIdOrNull(run)?.text ?? null,
    atMs: run.startedAtMs,
    slot: run.slot,
    outcome,
    failure: run.failure,
  };
}
