import type { Yielder } from '#node-kit/async/index.ts';
import type { CsvForm, ReportFormat, RunColumn } from '#shared/contract/index.ts';
import { encodeCsvRow } from '#shared/codec/csv/index.ts';
import { visibleJson } from '#shared/codec/visible-text.ts';
import type {
  FixedRunFilter,
  MeasurementColumnRow,
  ReadableDatabase,
  RunDetails,
  RunRow,
} from '../../core/database/index.ts';
import { keyOf, makeMeasurementColumns, type MeasurementColumns } from './measurement-columns.ts';
import { createRunCells } from './run-cells.ts';
import { toObject } from './jsonl-report.ts';

const PAGE_RUNS = 200;

/** What a list of runs is made of. */
export interface RunListContent {
  readonly filter: FixedRunFilter;
  readonly columns: readonly RunColumn[];
  /** A column for each measurement; in JSON Lines the steps with their measurements. */
  readonly measurements: boolean;
}

/** The runs that match a filter as text of a file, newest first. Runs that start later are not in it. */
export async function* runListReport(
  database: ReadableDatabase,
  { filter, columns, measurements }: RunListContent,
  { format, csv = {} }: { readonly format: ReportFormat; readonly csv?: CsvForm | undefined },
  yielder: Yielder,
  onRun: () => void,
): AsyncGenerator<string> {
  const newest = database.runSearch.getLastRow();
  const matching = (): AsyncGenerator<RunRow> => readMatching(database, filter, newest + 1, yielder);
  const cells = createRunCells(database, columns);
  const details = (run: RunRow): RunDetails => database.reportRuns.getDetails(run);
  if (format === 'jsonl') {
    for await (const run of matching()) {
      const own = cells.cellsOf(run).map((value) => value ?? null);
      const shown = Object.fromEntries(cells.keys.map((key, index) => [key, own[index]]));
      yield `${visibleJson(measurements ? { ...shown, steps: toObject(details(run)).steps } : shown)}\n`;
      onRun();
    }
    return;
  }
  const measured = measurements ? await findColumns(matching(), details, cells.header, yielder) : null;
  yield `\uFEFF${encodeCsvRow([...cells.header, ...(measured?.header ?? [])], csv)}`;
  for await (const run of matching()) {
    yield encodeCsvRow([...cells.cellsOf(run), ...(measured?.cells(details(run)) ?? [])], csv);
    onRun();
  }
}

async function* readMatching(
  database: ReadableDatabase,
  filter: FixedRunFilter,
  before: number,
  yielder: Yielder,
): AsyncGenerator<RunRow> {
  let end = before;
  for (;;) {
    const page = database.runSearch.find({ filter, before: end, limit: PAGE_RUNS });
    for (const run of page) {
      yield run;
      await yielder.afterRows(10);
    }
    const last = page.at(-1);
    if (last === undefined) return;
    end = last.row;
  }
}

/** Reads all runs once, because the header stands before them. */
async function findColumns(
  runs: AsyncGenerator<RunRow>,
  detailsOf: (run: RunRow) => RunDetails,
  taken: readonly string[],
  yielder: Yielder,
): Promise<MeasurementColumns> {
  const columns = new Map<string, MeasurementColumnRow>();
  for await (const run of runs) {
    const { steps, measurements } = detailsOf(run);
    const bySeq = new Map(steps.map((step) => [step.seq, step]));
    for (const [index, { stepSeq, name, unit }] of measurements.entries()) {
      const step = bySeq.get(stepSeq);
      if (step === undefined) continue;
      const place = stepSeq * 10_000 + index;
      const column = { phase: step.phase, step: step.step, name, unit, place };
      const existing = columns.get(keyOf(column));
      if (existing === undefined || existing.place < place) columns.set(keyOf(column), column);
    }
    await yielder.afterRows(1 + measurements.length);
  }
  return makeMeasurementColumns([...columns.values()], taken);
}
