import { visibleJson, visibleJsonText } from '#shared/codec/visible-text.ts';
import { macOrNull, unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { MarkedTuple, RunRow, StepTuple } from '../../../core/database/index.ts';
import { createBatchNames } from '../batch-names.ts';
import { createIsoTimes } from '../iso-times.ts';
import type { ReportForm, ReportSource } from '../report-form.ts';
import { createRunCells } from '../run-cells.ts';
import { readWithSteps } from '../stored-runs.ts';

/**
 * One JSON object per run, with every attempt of every step and its measurements, in the order of the run. Values are copied
 * from the database as the JSON that they are there.
 */
export const jsonl: ReportForm = {
  /** Since 2 with the name of the recipe, and the bounds and marks of measurements. */
  version: 2,
  hasShortTurns: true,
  write: (source) => {
    const { subject } = source;
    if (subject.kind !== 'runs') return linesOf(source, createRunHead(source), true);
    const { keys, cellsOf } = createRunCells(source.database, subject.columns, subject.names);
    const headOf = (run: RunRow): string => {
      const own = cellsOf(run).map((value) => value ?? null);
      return visibleJson(Object.fromEntries(keys.map((key, index) => [key, own[index]]))).slice(0, -1);
    };
    return linesOf(source, headOf, subject.measurements);
  },
};

/** A longer text is collected later. */
const PIECE_CHARACTERS = 16 * 1024;

/** @param headOf the object of a run without its end */
async function* linesOf(
  source: ReportSource,
  headOf: (run: RunRow) => string,
  hasSteps: boolean,
): AsyncGenerator<string> {
  const isoOf = createIsoTimes();
  const attachedOf = createAttachedText(source);
  if (hasSteps) {
    for await (const page of readWithSteps(source)) {
      let lines = '';
      for (const { run, steps, measured } of page) {
        lines += `${headOf(run)},"steps":[${stepsOf(steps, measured, isoOf)}]${attachedOf(run.runId, steps)}}\n`;
        source.onRun();
        if (lines.length < PIECE_CHARACTERS) continue;
        yield lines;
        lines = '';
      }
      yield lines;
    }
    return;
  }
  for await (const page of source.barePages()) {
    let lines = '';
    for (const run of page) {
      lines += `${headOf(run)}}\n`;
      source.onRun();
    }
    yield lines;
  }
}

/** Names, digests and lengths of the attachments of runs that have some; other runs have no such key. */
function createAttachedText({
  database,
}: ReportSource): (runId: string, steps: readonly StepTuple[]) => string {
  // One query for all runs, where no run of the station has any.
  if (!database.attachments.hasAny()) return () => '';
  return (runId, steps) => {
    const rows = database.attachments.listOfRun(runId);
    if (rows.length === 0) return '';
    const attached = rows.map(({ stepSeq, name, mediaType, bytes, sha256, madeBy, removedAtMs }) => {
      const [, phase = '', step = '', attempt = 1] = steps.find(([seq]) => seq === stepSeq) ?? [];
      return { phase, step, attempt, name, mediaType, bytes, sha256, madeBy, removed: removedAtMs !== null };
    });
    return `,"attachments":${visibleJson(attached)}`;
  };
}

function createRunHead({ database }: ReportSource): (run: RunRow) => string {
  const nameOf = createBatchNames(database);
  const recipeOf = createRecipeNames(database);
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return (run) => {
    const unitId = unitIdOrNull(run);
    const object = {
      batch: run.batchId,
      batchName: nameOf(run.batchId),
      run: run.runId,
      station: run.station,
      slot: run.slot,
      operator: run.operator,
      appVersion: run.appVersion,
      recipeHash: run.recipeHash,
      ...recipeOf(run.recipeHash),
      firmwareSha256: run.firmwareSha256 ?? null,
      serialNumber: run.serialNumber,
      mac: macOrNull(unitId),
      unitId,
      productId: run.productId,
      deviceName: run.deviceName,
      proof: run.proof,
      /** Null while it is running. */
      outcome: run.outcome,
      firstFailure: run.failure,
      startedAt: iso(run.startedAtMs),
      finishedAt: iso(run.finishedAtMs),
      ms: run.finishedAtMs === null ? null : run.finishedAtMs - run.startedAtMs,
    };
    return visibleJson(object).slice(0, -1);
  };
}

/** Name and version of the recipe of a hash, each read once. */
function createRecipeNames({
  batches,
}: ReportSource['database']): (hash: string) => { recipeName: string; recipeVersion: string } {
  const known = new Map<string, { recipeName: string; recipeVersion: string }>();
  return (hash) => {
    let found = known.get(hash);
    if (found === undefined) {
      const { name, version } = batches.getRecipeName(hash);
      known.set(hash, (found = { recipeName: name, recipeVersion: version }));
    }
    return found;
  };
}

function stepsOf(
  steps: readonly StepTuple[],
  measured: readonly MarkedTuple[],
  isoOf: (ms: number) => string,
): string {
  let text = '';
  let next = 0;
  for (const [seq, phase, step, attempt, outcome, startedAtMs, ms, failure] of steps) {
    if (text !== '') text += ',';
    text +=
      `{"phase":${quoted(phase)},"step":${quoted(step)},"attempt":${attempt},"outcome":${quoted(outcome)}` +
      `,"startedAt":"${isoOf(startedAtMs)}","ms":${ms},"failure":${failure === null ? 'null' : visibleJsonText(failure)}` +
      ',"measurements":[';
    // Both are in the order of the steps.
    for (let first = true, one = measured[next]; one !== undefined && one[0] <= seq; one = measured[next]) {
      next += 1;
      if (one[0] < seq) continue;
      const [, , name, value, unit, judged, limits, low, high, marginal, relative, at] = one;
      text +=
        `${first ? '' : ','}{"name":${quoted(name)},"value":${visibleJsonText(value)}` +
        `,"unit":${unit === null ? 'null' : quoted(unit)},"limits":${quoted(limits)},"outcome":${quoted(judged)}`;
      // Where limits without numbers are written, their text is not to be read for numbers.
      if (low !== null || (high === null && limits !== '')) text += `,"low":${low}`;
      if (high !== null) text += `,"high":${high}`;
      if (marginal === 1) text += ',"marginal":true';
      if (relative === 1) text += ',"relative":true';
      if (at !== null) text += `,"at":${visibleJsonText(at)}`;
      text += '}';
      first = false;
    }
    text += ']}';
  }
  return text;
}

/** Printable ASCII without quotes and backslashes: the same in JSON. */
const AS_IT_IS = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return AS_IT_IS.test(text) ? `"${text}"` : visibleJson(text);
}
