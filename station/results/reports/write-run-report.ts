import type { CsvForm, ReportFormat } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import { csvReport } from './csv-report.ts';
import { jsonlReport } from './jsonl-report.ts';
import { extentOf } from './read-runs.ts';
import { createYielder } from '../../core/background/index.ts';
import { writeWhole } from './write-whole.ts';

export interface ReportOptions {
  readonly format: ReportFormat;
  /** Of a CSV file; comma and point when left out. */
  readonly csv?: CsvForm | undefined;
  readonly signal: AbortSignal;
  /** Told after every run. */
  readonly onProgress?: (runs: number, totalRuns: number) => void;
}

export interface WrittenReport {
  readonly runs: number;
  readonly bytes: number;
}

/**
 * The runs of a batch, with their measurements, as a file: oldest first, at flat memory, whole or not at all. Reads in
 * short pages and gives way in between, so that it may be a running station's own database. What is started after it has
 * begun is not in it. Faults: `bad-input` when the comma is to separate both cells and decimals; those of `writeWhole`.
 */
export async function writeRunReport(
  database: WritableDatabase,
  batchId: string,
  file: string,
  { format, csv = {}, signal, onProgress }: ReportOptions,
): Promise<WrittenReport> {
  throwIfAborted(signal);
  if (csv.decimal === ',' && (csv.delimiter ?? ',') === ',') {
    throw new Fault('bad-input', 'the comma cannot stand between cells and in numbers', {
      hint: 'With the decimal comma take the semicolon or the tab between cells.',
    });
  }
  const extent = extentOf(database, batchId);
  const yielder = createYielder(signal);
  let runs = 0;
  const onRun = (): void => {
    runs += 1;
    onProgress?.(runs, extent.runs);
  };
  const report =
    format === 'csv'
      ? csvReport(database, extent, yielder, onRun, csv)
      : jsonlReport(database, extent, yielder, onRun);
  const bytes = await writeWhole(file, report, signal);
  return { runs, bytes };
}
