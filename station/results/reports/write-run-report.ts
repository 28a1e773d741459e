import { asFileFault, writeFileAtomic } from '#node-kit/files/index.ts';
import { createYielder } from '#node-kit/async/index.ts';
import type { CsvForm, ReportFormat } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { csvReport } from './csv-report.ts';
import { jsonlReport } from './jsonl-report.ts';
import { extentOf } from './read-runs.ts';
import { type RunListContent, runListReport } from './run-list-report.ts';

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
 * with pauses allow the database of a running station. Runs that start after the call are not in it.
 * Faults: `bad-input` when the comma is both delimiter and decimal separator; `file-missing`, `file-denied`, `disk-full`,
 * `disk-read-only`, `disk-failing`, `data-busy`; the signal's reason.
 */
export async function writeRunReport(
  database: ReadableDatabase,
  batchId: string,
  file: string,
  { format, csv = {}, signal, onProgress }: ReportOptions,
): Promise<WrittenReport> {
  requireUsable(csv, signal);
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
  return { bytes: await writeReport(file, report, signal), runs };
}

/**
 * Writes the runs that match a filter, newest first, atomically. Faults: those of `writeRunReport`.
 *
 * @param onProgress called after every run
 */
export async function writeRunList(
  database: ReadableDatabase,
  content: RunListContent,
  file: string,
  {
    format,
    csv = {},
    signal,
    onProgress,
  }: Omit<ReportOptions, 'onProgress'> & { readonly onProgress?: (runs: number) => void },
): Promise<WrittenReport> {
  requireUsable(csv, signal);
  let runs = 0;
  const onRun = (): void => {
    runs += 1;
    onProgress?.(runs);
  };
  const report = runListReport(database, content, { format, csv }, createYielder(signal), onRun);
  return { bytes: await writeReport(file, report, signal), runs };
}

function requireUsable(csv: CsvForm, signal: AbortSignal): void {
  throwIfAborted(signal);
  if (csv.decimal === ',' && (csv.delimiter ?? ',') === ',') {
    throw new Fault('bad-input', 'the comma cannot stand between cells and in numbers', {
      hint: 'With the decimal comma take the semicolon or the tab between cells.',
    });
  }
}

async function writeReport(
  file: string,
  report: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<number> {
  try {
    return await writeFileAtomic(file, report, { signal });
  } catch (error) {
    throw asFileFault(error, file, 'written', {
      'disk-full': { hint: 'Free space and export again.' },
      'disk-read-only': { hint: 'Choose a folder on another disk.' },
      'file-denied': { hint: 'Choose a folder this user may write to, and close the file where it is open.' },
      'file-missing': { hint: 'Make it, or name another.' },
    });
  }
}
