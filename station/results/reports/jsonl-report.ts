import type { Yielder } from '#node-kit/async/index.ts';
import { visibleJson } from '#shared/codec/visible-text.ts';
import { macOrNull, unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { ReadableDatabase, RunDetails } from '../../core/database/index.ts';
import { type Extent, readRuns } from './read-runs.ts';

/** One JSON object per run, with every attempt of every step and its measurements, in the order of the run. */
export async function* jsonlReport(
  database: ReadableDatabase,
  extent: Extent,
  yielder: Yielder,
  onRun: () => void,
): AsyncGenerator<string> {
  const batch = database.batches.findById(extent.batchId);
  const about = {
    batch: extent.batchId,
    batchName: batch?.name ?? extent.batchId,
  };
  for await (const whole of readRuns(database, extent, yielder)) {
    yield `${visibleJson({ ...about, ...toObject(whole) })}\n`;
    onRun();
  }
}

/** A run as an object of JSON Lines. */
export function toObject({ run, steps, measurements }: RunDetails) {
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return {
    run: run.runId,
    station: run.station,
    slot: run.slot,
    operator: run.operator,
    appVersion: run.appVersion,
    recipeHash: run.recipeHash,
    firmwareSha256: run.firmwareSha256 ?? null,
    serialNumber: run.serialNumber,
    mac: macOrNull(unitIdOrNull(run)),
    unitId: unitIdOrNull(run),
    productId: run.productId,
    deviceName: run.deviceName,
    proof: run.proof,
    /** Null while it is running. */
    outcome: run.outcome,
    firstFailure: run.failure,
    startedAt: iso(run.startedAtMs),
    finishedAt: iso(run.finishedAtMs),
    ms: run.finishedAtMs === null ? null : run.finishedAtMs - run.startedAtMs,
    steps: steps.map(({ seq, phase, step, attempt, outcome, startedAtMs, ms, failure }) => ({
      phase,
      step,
      attempt,
      outcome,
      startedAt: iso(startedAtMs),
      ms,
      failure,
      measurements: measurements
        .filter((measured) => measured.stepSeq === seq)
        .map(({ stepSeq: _, ...measured }) => measured),
    })),
  };
}
