import type { ReportForm, ReportSource } from '../report-form.ts';
import { figureSheets, readBatchFigures } from '../xlsx/figure-sheets.ts';
import { LimitsSeen, limitsSheet } from '../xlsx/limits-sheet.ts';
import { measurementSheet } from '../xlsx/measurement-sheet.ts';
import { runSheet } from '../xlsx/run-sheet.ts';
import { type Sheet, workbook } from '../xlsx/workbook.ts';

/**
 * A workbook: runs, measurements, and for a batch its yield, trend, Pareto and limits. Its cells have types; texts stay texts.
 * The figures are those of the moment in which the report begins.
 */
export const xlsx: ReportForm = { version: 1, write };

async function* write(source: ReportSource): AsyncGenerator<Uint8Array> {
  const { subject, database } = source;
  const figures = subject.kind === 'batch' ? await readBatchFigures(source, subject.batchId) : null;
  const seen = new LimitsSeen();
  const hasMeasurements = subject.kind !== 'runs' || subject.measurements;
  const sheets: Sheet[] = [runSheet(source, hasMeasurements ? () => undefined : source.onRun)];
  if (hasMeasurements) sheets.push(await measurementSheet(source, seen));
  if (figures !== null) sheets.push(...figureSheets(figures));
  if (hasMeasurements) sheets.push(limitsSheet(figures?.measurements ?? [], seen));
  yield* workbook(sheets, titleOf(subject, database));
}

function titleOf(subject: ReportSource['subject'], { batches }: ReportSource['database']): string {
  switch (subject.kind) {
    case 'batch':
      return batches.findById(subject.batchId)?.name ?? subject.batchId;
    case 'runs':
      return 'Runs';
    case 'unit':
      return subject.name;
    case 'run':
      return subject.runId;
  }
}
