import type { CsvForm } from '#shared/contract/index.ts';
import { type CsvCell, encodeCsvCell, encodeCsvRow, joinCsvCells } from '#shared/codec/csv/index.ts';
import type { MeasuredTuple, RunRow } from '../../../core/database/index.ts';
import { createBatchNames } from '../batch-names.ts';
import { createIsoTimes } from '../iso-times.ts';
import {
  findMeasurementColumns,
  type MeasurementColumns,
  readMeasurementColumns,
} from '../measurement-columns.ts';
import type { ReportForm, ReportSource } from '../report-form.ts';
import { createRunCells } from '../run-cells.ts';
import { RUN_FIELDS } from '../run-fields.ts';
import { readWithStepNames } from '../stored-runs.ts';

/**
 * One row per run and one column per measurement, the form of spreadsheets, JMP and pandas. A BOM and `spreadsheetText` make
 * Excel show texts as they are. Only the last attempt of a step is included; JSON Lines has all.
 */
export const csv: ReportForm = {
  version: 1,
  hasShortTurns: true,
  write: (source) => (source.subject.kind === 'runs' ? listRows(source, source.subject) : allRows(source)),
};

const HEADER = [...RUN_FIELDS.map(({ header }) => header), 'failed measurements'];

async function* allRows(source: ReportSource): AsyncGenerator<string> {
  const { database, subject, until, yielder } = source;
  const columns =
    subject.kind === 'batch'
      ? await readMeasurementColumns(database, { batchId: subject.batchId, until }, HEADER, yielder)
      : await findMeasurementColumns(source, HEADER);
  const nameOf = createBatchNames(database);
  const isoOf = createIsoTimes();
  const cells = (run: RunRow): CsvCell[] => toCells(run, nameOf(run.batchId), isoOf);
  yield* rows(source, HEADER, cells, columns, true);
}

async function* listRows(
  source: ReportSource,
  { columns, names, measurements }: Extract<ReportSource['subject'], { kind: 'runs' }>,
): AsyncGenerator<string> {
  const { header, cellsOf } = createRunCells(source.database, columns, names);
  const measured = measurements ? await findMeasurementColumns(source, header) : null;
  yield* rows(source, header, cellsOf, measured, false);
}

/**
 * @param columns `null` for a list of runs without measurements
 * @param hasFailed whether a cell that names the failed measurements stands before the first of them
 */
async function* rows(
  source: ReportSource,
  header: readonly string[],
  cellsOf: (run: RunRow) => CsvCell[],
  columns: MeasurementColumns | null,
  hasFailed: boolean,
): AsyncGenerator<string> {
  const { csv: form, onRun } = source;
  const encode = createCellEncoder(form);
  const names = columns?.header ?? [];
  yield `${form.bom === false ? '' : '\uFEFF'}${encodeCsvRow([...header, ...names], form)}`;
  if (columns === null) {
    for await (const page of source.barePages()) {
      let text = '';
      for (const run of page) {
        text += joinCsvCells(cellsOf(run).map(encode.cell), form);
        onRun();
      }
      yield text;
    }
    return;
  }
  for await (const page of readWithStepNames(source)) {
    let text = '';
    for (const { run, steps, measured } of page) {
      const cells = cellsOf(run).map(encode.cell);
      const latest = columns.latestStored(steps, measured);
      if (hasFailed) cells.push(encode.cell(failedOf(latest, names), cells.length));
      for (const one of latest) cells.push(one === undefined ? '' : encode.json(one[3], cells.length));
      text += joinCsvCells(cells, form);
      onRun();
    }
    yield text;
  }
}

/** Headers of measurements whose last value is not a PASS. */
function failedOf(latest: readonly (MeasuredTuple | undefined)[], names: readonly string[]): string {
  const failed = latest.flatMap((one, index) =>
    one === undefined || one[5] === 'PASS' ? [] : [names[index] ?? one[2]],
  );
  return failed.join('; ');
}

/** Encodes cells, and a text that stood in the same column of the row before only once. */
function createCellEncoder(form: CsvForm) {
  const texts: string[] = [];
  const encoded: string[] = [];
  const cell = (value: CsvCell, column: number): string => {
    if (typeof value !== 'string') return encodeCsvCell(value, form);
    if (value === '') return '';
    const known = texts[column] === value ? encoded[column] : undefined;
    if (known !== undefined) return known;
    const own = encodeCsvCell(value, form);
    texts[column] = value;
    encoded[column] = own;
    return own;
  };
  return {
    cell,
    /** A value as JSON. */
    json: (json: string, column: number): string =>
      cell(JSON.parse(json) as string | number | boolean, column),
  };
}

function toCells(run: RunRow, batch: string, isoOf: (ms: number) => string): CsvCell[] {
  return RUN_FIELDS.map((field) => {
    const value = field.of(run, batch);
    return typeof value === 'object' && value !== null ? isoOf(value.atMs) : value;
  });
}
