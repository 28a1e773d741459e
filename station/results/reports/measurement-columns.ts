import type { Yielder } from '#node-kit/async/index.ts';
import {
  FROM_THE_START,
  type MeasurementColumnRow,
  type RunPosition,
  type ReadableDatabase,
  type MeasuredTuple,
  type RunDetails,
  type StepName,
} from '../../core/database/index.ts';
import type { ReportSource } from './report-form.ts';
import { readWithStepNames } from './stored-runs.ts';

const PAGE_RUNS = 100;
/** Fixed cost of a page, in rows. */
const PAGE_COST = 400;

/** The measurements of a batch as columns of a table, in the order of the recipe. */
export interface MeasurementColumns {
  /** Name and unit (`rssi [dBm]`), prefixed with step or phase where the name alone is ambiguous. */
  readonly header: readonly string[];
  /** The last attempt of each measurement; `undefined` without one. */
  latest(run: RunDetails): readonly (RunDetails['measurements'][number] | undefined)[];
  /** Headers of measurements whose last value is not a PASS. */
  failed(run: RunDetails): string[];
  /** As `latest`, of a run as it is stored. */
  latestStored(
    steps: readonly StepName[],
    measured: readonly MeasuredTuple[],
  ): readonly (MeasuredTuple | undefined)[];
}

interface Column {
  readonly phase: string;
  readonly step: string;
  readonly name: string;
  readonly unit: string | null;
  place: number;
}

/**
 * The columns of a batch.
 *
 * @param until last start of a run, in ms since 1970
 * @param taken headers of other columns
 */
export async function readMeasurementColumns(
  database: ReadableDatabase,
  { batchId, until }: { readonly batchId: string; readonly until: number },
  taken: readonly string[],
  yielder: Yielder,
): Promise<MeasurementColumns> {
  const columns = new Map<string, Column>();
  let after: RunPosition | null = FROM_THE_START;
  while (after !== null) {
    for (const row of database.reportRuns.listColumns(batchId, after, until, PAGE_RUNS)) {
      const existing = columns.get(keyOf(row));
      if (existing === undefined) columns.set(keyOf(row), row);
      else existing.place = Math.max(existing.place, row.place);
    }
    after = database.reportRuns.findPageEnd(batchId, after, until, PAGE_RUNS);
    await yielder.afterRows(PAGE_COST);
  }
  return makeMeasurementColumns([...columns.values()], taken);
}

/**
 * The columns of any runs: reads all of them once, because the header stands before them.
 *
 * @param taken headers of other columns
 */
export async function findMeasurementColumns(
  source: ReportSource,
  taken: readonly string[],
): Promise<MeasurementColumns> {
  const columns = new Map<string, MeasurementColumnRow>();
  for await (const page of readWithStepNames(source)) {
    for (const { steps, measured } of page) {
      for (const [stepSeq, seq, name, , unit] of measured) {
        const [, phase, step] = steps.find(([one]) => one === stepSeq) ?? [];
        if (phase === undefined || step === undefined) continue;
        const place = stepSeq * 10_000 + seq;
        const column = { phase, step, name, unit, place };
        const existing = columns.get(keyOf(column));
        if (existing === undefined || existing.place < place) columns.set(keyOf(column), column);
      }
    }
  }
  return makeMeasurementColumns([...columns.values()], taken);
}

/** @param taken headers of other columns */
function makeMeasurementColumns(
  columns: readonly MeasurementColumnRow[],
  taken: readonly string[],
): MeasurementColumns {
  // A retried step moves later measurements back: the highest position gives the order of the recipe.
  const ordered = [...columns].sort((a, b) => a.place - b.place);
  const header = headersOf(ordered, taken);
  /** By phase and step, then by name and unit. */
  const indexes = new Map<string, Map<string, number>>();
  ordered.forEach((column, index) => {
    const ofStep = indexes.get(stepKeyOf(column.phase, column.step)) ?? new Map<string, number>();
    indexes.set(stepKeyOf(column.phase, column.step), ofStep.set(nameKeyOf(column.name, column.unit), index));
  });
  function latest({ steps, measurements }: RunDetails): (RunDetails['measurements'][number] | undefined)[] {
    const values = Array<RunDetails['measurements'][number] | undefined>(ordered.length).fill(undefined);
    const bySeq = new Map(steps.map((step) => [step.seq, step]));
    for (const measured of measurements) {
      const step = bySeq.get(measured.stepSeq);
      if (step === undefined) continue;
      const ofStep = indexes.get(stepKeyOf(step.phase, step.step));
      const index = ofStep?.get(nameKeyOf(measured.name, measured.unit));
      if (index !== undefined) values[index] = measured;
    }
    return values;
  }
  return {
    header,
    latest,
    failed: (run) =>
      latest(run).flatMap((measured, index) =>
        measured === undefined || measured.outcome === 'PASS' ? [] : [header[index] ?? measured.name],
      ),
    latestStored(steps, measured) {
      const values = Array<MeasuredTuple | undefined>(ordered.length).fill(undefined);
      let seq = -1;
      let ofStep: Map<string, number> | undefined;
      for (const one of measured) {
        if (one[0] !== seq) {
          [seq] = one;
          const step = steps.find((candidate) => candidate[0] === seq);
          ofStep = step === undefined ? undefined : indexes.get(stepKeyOf(step[1], step[2]));
        }
        const index = ofStep?.get(nameKeyOf(one[2], one[4]));
        if (index !== undefined) values[index] = one;
      }
      return values;
    },
  };
}

const stepKeyOf = (phase: string, step: string): string => `${phase}\u0000${step}`;
const nameKeyOf = (name: string, unit: string | null): string =>
  unit === null ? name : `${name}\u0000${unit}`;

function keyOf({ phase, step, name, unit }: Omit<Column, 'place'>): string {
  return `${phase}\u0000${step}\u0000${name}\u0000${unit ?? ''}`;
}

/** The shortest unique name; numbered when the longest is not unique (`a.b` and `c`, `a` and `b.c`). */
function headersOf(columns: readonly Column[], taken: readonly string[]): string[] {
  const candidates = columns.map(({ phase, step, name, unit }) =>
    [[name], [step, name], [phase, step, name]].map(
      (parts) => parts.join('.') + (unit === null || unit === '' ? '' : ` [${unit}]`),
    ),
  );
  const used = new Map<string, number>(taken.map((text) => [text, 1]));
  for (const text of candidates.flatMap((own) => [...new Set(own)]))
    used.set(text, (used.get(text) ?? 0) + 1);
  const usedHeaders = new Set(taken);
  return candidates.map((own) => {
    const name = own.find((text) => used.get(text) === 1) ?? own.at(-1) ?? '';
    let free = name;
    for (let n = 2; usedHeaders.has(free); n += 1) free = `${name} (${n})`;
    usedHeaders.add(free);
    return free;
  });
}
