import { findMeasurementColumns, readMeasurementColumns } from '../measurement-columns.ts';
import type { ReportSource } from '../report-form.ts';
import type { Cell } from './cell-xml.ts';
import type { LimitsSeen } from './limits-sheet.ts';
import type { Sheet } from './workbook.ts';

const ABOUT = ['run', 'serial number', 'outcome', 'started (UTC)', 'failed measurements'];
const WIDTHS: Readonly<Record<string, number>> = { 'serial number': 20, 'started (UTC)': 24 };

/** A row for each run, a column for each measurement with its last value; values outside their limits stand out. */
export async function measurementSheet(source: ReportSource, seen: LimitsSeen): Promise<Sheet> {
  const { database, subject, until, yielder } = source;
  const measured =
    subject.kind === 'batch'
      ? await readMeasurementColumns(database, { batchId: subject.batchId, until }, ABOUT, yielder)
      : await findMeasurementColumns(source, ABOUT);

  async function* rows(): AsyncGenerator<Cell[]> {
    for await (const page of source.pages()) {
      for (const details of page) {
        const { run } = details;
        seen.add(details);
        yield [
          run.runId,
          run.serialNumber,
          run.outcome ?? 'running',
          { atMs: run.startedAtMs },
          measured.failed(details).join('; '),
          ...measured
            .latest(details)
            .map((one): Cell =>
              one === undefined || one.outcome === 'PASS' ? one?.value : { value: one.value, look: 'failed' },
            ),
        ];
        source.onRun();
      }
    }
  }
  const columns = [...ABOUT, ...measured.header].map((header) => {
    const width = WIDTHS[header];
    return width === undefined ? { header } : { header, width };
  });
  return { name: 'measurements', columns, rows: rows(), frozenColumns: 2 };
}
