import { visibleJson } from '#shared/codec/visible-text.ts';
import { macOrNull, unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { RunDetails } from '../../../core/database/index.ts';
import type { ReportForm, ReportSource } from '../report-form.ts';
import { createRunCells } from '../run-cells.ts';

/** One JSON object per run, with every attempt of every step and its measurements, in the order of the run. */
export const jsonl: ReportForm = {
  version: 1,
  write: (source) => (source.subject.kind === 'runs' ? listRows(source, source.subject) : allRows(source)),
};

async function* allRows({ database, pages, onRun }: ReportSource): AsyncGenerator<string> {
  const names = new Map<string, string>();
  const nameOf = (batchId: string): string => {
    const name = names.get(batchId) ?? database.batches.findById(batchId)?.name ?? batchId;
    names.set(batchId, name);
    return name;
  };
  for await (const page of pages()) {
    for (const whole of page) {
      const { batchId } = whole.run;
      yield `${visibleJson({ batch: batchId, batchName: nameOf(batchId), ...toObject(whole) })}\n`;
      onRun();
    }
  }
}

async function* listRows(
  source: ReportSource,
  { columns, measurements }: Extract<ReportSource['subject'], { kind: 'runs' }>,
): AsyncGenerator<string> {
  const { keys, cellsOf } = createRunCells(source.database, columns);
  const shown = (run: RunDetails['run']): Record<string, unknown> => {
    const own = cellsOf(run).map((value) => value ?? null);
    return Object.fromEntries(keys.map((key, index) => [key, own[index]]));
  };
  if (measurements) {
    for await (const page of source.pages()) {
      for (const whole of page) {
        yield `${visibleJson({ ...shown(whole.run), steps: toObject(whole).steps })}\n`;
        source.onRun();
      }
    }
    return;
  }
  for await (const page of source.barePages()) {
    for (const run of page) {
      yield `${visibleJson(shown(run))}\n`;
      source.onRun();
    }
  }
}

function toObject({ run, steps, measurements }: RunDetails) {
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
        .map((measured) => ({
          name: measured.name,
          value: measured.value,
          unit: measured.unit,
          limits: measured.limits,
          outcome: measured.outcome,
        })),
    })),
  };
}
