import type { Yielder } from '#node-kit/async/index.ts';
import {
  FROM_THE_START,
  type RunPosition,
  type ReadableDatabase,
  type RunDetails,
} from '../../core/database/index.ts';
import type { Extent } from './read-runs.ts';

const PAGE_RUNS = 25;
/** What a page costs besides its measurements, in rows. */
const PAGE_COST = 100;

/** The measurements of a batch as columns of one table, in the order in which a run takes them. */
export interface MeasurementColumns {
  /** The measurement's name and unit (`rssi [dBm]`), with its step or phase in front where the name alone is not one. */
  readonly header: readonly string[];
  /** The last value of each: the attempt that decided. */
  cells(run: RunDetails): (string | number | boolean | null)[];
  /** The names of those whose last value was outside its limits. */
  failed(run: RunDetails): string[];
}

interface Column {
  readonly phase: string;
  readonly step: string;
  readonly name: string;
  readonly unit: string | null;
  place: number;
}

/** @param taken headers that mean something else already. */
export async function readMeasurementColumns(
  database: ReadableDatabase,
  { batchId, until }: Extent,
  taken: readonly string[],
  yielder: Yielder,
): Promise<MeasurementColumns> {
  const columns = new Map<string, Column>();
  let after: RunPosition | null = FROM_THE_START;
  while (after !== null) {
    for (const row of database.reportRuns.listColumns(batchId, after, until, PAGE_RUNS)) {
      const known = columns.get(keyOf(row));
      if (known === undefined) columns.set(keyOf(row), row);
      else known.place = Math.max(known.place, row.place);
    }
    after = database.reportRuns.findPageEnd(batchId, after, until, PAGE_RUNS);
    await yielder.afterRows(PAGE_COST);
  }
  // Where a step was retried everything after it stands later: by its latest place the order is the recipe's.
  const ordered = [...columns.values()].sort((a, b) => a.place - b.place);
  const header = headersOf(ordered, taken);
  const index = new Map(ordered.map((column, at) => [keyOf(column), at]));

  function latest({ steps, measurements }: RunDetails): (RunDetails['measurements'][number] | undefined)[] {
    const values = Array<RunDetails['measurements'][number] | undefined>(ordered.length).fill(undefined);
    const bySeq = new Map(steps.map((step) => [step.seq, step]));
    for (const measured of measurements) {
      const step = bySeq.get(measured.stepSeq);
      const at =
        step === undefined
          ? undefined
          : index.get(keyOf({ ...measured, phase: step.phase, step: step.step }));
      if (at !== undefined) values[at] = measured;
    }
    return values;
  }
  return {
    header,
    cells: (run) => latest(run).map((measured) => measured?.value ?? null),
    failed: (run) =>
      latest(run).flatMap((measured, at) =>
        measured === undefined || measured.outcome === 'PASS' ? [] : [header[at] ?? measured.name],
      ),
  };
}

function keyOf({ phase, step, name, unit }: Omit<Column, 'place'>): string {
  return `${phase}\u0000${step}\u0000${name}\u0000${unit ?? ''}`;
}

/** The shortest name that is nobody else's; numbered where even the longest is (`a.b` and `c`, `a` and `b.c`). */
function headersOf(columns: readonly Column[], taken: readonly string[]): string[] {
  const candidates = columns.map(({ phase, step, name, unit }) =>
    [[name], [step, name], [phase, step, name]].map(
      (parts) => parts.join('.') + (unit === null || unit === '' ? '' : ` [${unit}]`),
    ),
  );
  const used = new Map<string, number>(taken.map((text) => [text, 1]));
  for (const text of candidates.flatMap((own) => [...new Set(own)]))
    used.set(text, (used.get(text) ?? 0) + 1);
  const given = new Set(taken);
  return candidates.map((own) => {
    const name = own.find((text) => used.get(text) === 1) ?? own.at(-1) ?? '';
    let free = name;
    for (let n = 2; given.has(free); n += 1) free = `${name} (${n})`;
    given.add(free);
    return free;
  });
}
