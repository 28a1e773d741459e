import { passedUnproven } from '#shared/domain/read-back.ts';
import { type CsvCell, encodeCsvRow } from '#shared/codec/csv/index.ts';
import { macOrNull, unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { ReadableDatabase, RunRow } from '../../../core/database/index.ts';
import { findMeasurementColumns, readMeasurementColumns } from '../measurement-columns.ts';
import type { ReportForm, ReportSource } from '../report-form.ts';
import { createRunCells } from '../run-cells.ts';

/**
 * One row per run and one column per measurement, the form of spreadsheets, JMP and pandas. A BOM and `spreadsheetText` make
 * Excel show texts as they are. Only the last attempt of a step is included; JSON Lines has all.
 */
export const csv: ReportForm = {
  version: 1,
  write: (source) => (source.subject.kind === 'runs' ? listRows(source, source.subject) : allRows(source)),
};

const HEADER = [
  'run', 'batch', 'serial number', 'MAC', 'ProductId', 'DeviceName', 'outcome', 'failure', 'phase', 'step', 'message',
  'read-back', 'online', 'started', 'finished', 'ms', 'slot', 'station', 'operator', 'recipe hash', 'app version',
  'firmware SHA-256', 'unproven', 'failed measurements',
]; // prettier-ignore

async function* allRows(source: ReportSource): AsyncGenerator<string> {
  const { database, subject, until, yielder, csv: form } = source;
  const columns =
    subject.kind === 'batch'
      ? await readMeasurementColumns(database, { batchId: subject.batchId, until }, HEADER, yielder)
      : await findMeasurementColumns(source, HEADER);
  const nameOf = batchNames(database);
  yield `\uFEFF${encodeCsvRow([...HEADER, ...columns.header], form)}`;
  for await (const page of source.pages()) {
    for (const whole of page) {
      const cells = toCells(whole.run, nameOf(whole.run.batchId));
      yield encodeCsvRow([...cells, columns.failed(whole).join('; '), ...columns.cells(whole)], form);
      source.onRun();
    }
  }
}

async function* listRows(
  source: ReportSource,
  { columns, measurements }: Extract<ReportSource['subject'], { kind: 'runs' }>,
): AsyncGenerator<string> {
  const { database, csv: form } = source;
  const cells = createRunCells(database, columns);
  if (!measurements) {
    yield `\uFEFF${encodeCsvRow(cells.header, form)}`;
    for await (const page of source.barePages()) {
      for (const run of page) {
        yield encodeCsvRow(cells.cellsOf(run), form);
        source.onRun();
      }
    }
    return;
  }
  const measured = await findMeasurementColumns(source, cells.header);
  yield `\uFEFF${encodeCsvRow([...cells.header, ...measured.header], form)}`;
  for await (const page of source.pages()) {
    for (const whole of page) {
      yield encodeCsvRow([...cells.cellsOf(whole.run), ...measured.cells(whole)], form);
      source.onRun();
    }
  }
}

function batchNames({ batches }: ReadableDatabase): (batchId: string) => string {
  const names = new Map<string, string>();
  return (batchId) => {
    const name = names.get(batchId) ?? batches.findById(batchId)?.name ?? batchId;
    names.set(batchId, name);
    return name;
  };
}

function toCells(run: RunRow, batch: string): CsvCell[] {
  const iso = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());
  return [
    run.runId,
    batch,
    run.serialNumber,
    macOrNull(unitIdOrNull(run)),
    run.productId,
    run.deviceName,
    run.outcome ?? 'running',
    run.failure?.code,
    run.failure?.phase,
    run.failure?.step,
    run.failure?.message,
    run.proof?.readBack,
    run.proof?.online,
    iso(run.startedAtMs),
    iso(run.finishedAtMs),
    run.finishedAtMs === null ? null : run.finishedAtMs - run.startedAtMs,
    run.slot,
    run.station,
    run.operator,
    run.recipeHash,
    run.appVersion,
    run.firmwareSha256,
    passedUnproven(run) ? 'yes' : null,
  ];
}
