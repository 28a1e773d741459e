import { asFileFault, writeFileAtomic } from '#node-kit/files/index.ts';
import { type CsvForm, type PdfForm, REPORT_FORMS, type ReportFormat } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { FORMS } from './forms/index.ts';
import type { RecipeTitles } from '../runs/index.ts';
import type { ReportSubject } from './report-form.ts';
import { createReportSource } from './report-source.ts';

export interface ReportOptions {
  readonly format: ReportFormat;
  /** Separators of a CSV file; default comma and decimal point. */
  readonly csv?: CsvForm | undefined;
  /** Of WATS: the code of the test operation at the server. */
  readonly processCode?: number | undefined;
  /** Of PDF; default Chinese on A4, with the names of steps as the recipe has them. */
  readonly pdf?: (PdfForm & { readonly recipeTitles?: RecipeTitles }) | undefined;
  readonly signal: AbortSignal;
  /** Called after every run; the total is `null` for the runs of a filter. */
  readonly onProgress?: (runs: number, totalRuns: number | null) => void;
}

export interface WrittenReport {
  readonly runs: number;
  readonly bytes: number;
}

/**
 * Writes the runs of a batch, a filter or a unit to a file, atomically, with constant memory. Short pages with pauses allow
 * the database of a running station. Runs that start after the call are not in it.
 * Faults: `bad-input` for a subject that the form cannot have, and when the comma is both delimiter and decimal separator;
 * `file-missing`, `file-denied`, `disk-full`, `disk-read-only`, `disk-failing`, `data-busy`; the signal's reason.
 */
export async function writeReport(
  database: ReadableDatabase,
  subject: ReportSubject,
  file: string,
  { format, csv = {}, processCode, pdf = {}, signal, onProgress }: ReportOptions,
): Promise<WrittenReport> {
  requireUsable(subject, format, csv, signal);
  let runs = 0;
  const source = createReportSource(database, subject, {
    csv,
    processCode,
    pdf: {
      language: pdf.language ?? 'zh-CN',
      paper: pdf.paper ?? 'A4',
      recipeTitles: pdf.recipeTitles ?? (() => ({})),
    },
    signal,
    onRun() {
      runs += 1;
      onProgress?.(runs, source.totalRuns);
    },
  });
  try {
    const bytes = await writeFileAtomic(file, FORMS[format].write(source), { signal });
    return { bytes, runs };
  } catch (error) {
    throw asFileFault(error, file, 'written', {
      'disk-full': { hint: 'Free space and export again.' },
      'disk-read-only': { hint: 'Choose a folder on another disk.' },
      'file-denied': { hint: 'Choose a folder this user may write to, and close the file where it is open.' },
      'file-missing': { hint: 'Make it, or name another.' },
    });
  }
}

const SUBJECT_WORDS = {
  batch: 'a batch',
  runs: 'runs that a filter finds',
  unit: 'one unit',
  run: 'one run',
} as const;

function requireUsable(
  { kind }: ReportSubject,
  format: ReportFormat,
  csv: CsvForm,
  signal: AbortSignal,
): void {
  throwIfAborted(signal);
  const { of } = REPORT_FORMS[format];
  if (!of.includes(kind)) {
    throw new Fault('bad-input', `${format} is no form of ${SUBJECT_WORDS[kind]}`, {
      hint: `It takes ${of.map((one) => SUBJECT_WORDS[one]).join(' or ')}.`,
    });
  }
  if (csv.decimal === ',' && (csv.delimiter ?? ',') === ',') {
    throw new Fault('bad-input', 'the comma cannot stand between cells and in numbers', {
      hint: 'With the decimal comma take the semicolon or the tab between cells.',
    });
  }
}
