import type { CsvForm, ReportFormat } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { Store } from '../../core/database/index.ts';
import { csvReport } from './csv-report.ts';
import { jsonlReport } from './jsonl-report.ts';
import { extentOf } from './read-runs.ts';
import { createTurns } from '../../core/background/index.ts';
import { writeWhole } from './write-whole.ts';

export interface ReportOptions {
  readonly format: ReportFormat;
  /** Separators of a CSV file; default comma and decimal point. */
  readonly csv?: CsvForm | undefined;
  readonly signal: AbortSignal;
  /** Called after every run. */
  readonly onProgress?: (runs: number, totalRuns: number) => void;
}

export interface WrittenReport {
  readonly runs: number;
  readonly bytes: number;
}

/**
 * Writes the runs of a batch with their measurements to a file, oldest first, atomically, with constant memory. Short pages
 * with pauses allow the store of a running station. Runs that start after the call are not in it.
 * Faults: `bad-input` when the comma is both delimiter and decimal separator; those of `writeWhole`.
 */
export async function writeRunReport(
  store: Store,
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
  const extent = extentOf(store, batchId);
  const turns = createTurns(signal);
  let runs = 0;
  const onRun = (): void => {
    runs += 1;
    onProgress?.(runs, extent.runs);
  };
  const report =
    format === 'csv' ? csvReport(store, extent, turns, onRun, csv) : jsonlReport(store, extent, turns, onRun);
  const bytes = await writeWhole(file, report, signal);
  return { runs, bytes };
}
