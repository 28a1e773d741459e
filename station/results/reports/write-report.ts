import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { asFileFault, TEMPORARY_ENDING, writeFileAtomic, type WriteOptions } from '#node-kit/files/index.ts';
import { type CsvForm, type PdfForm, REPORT_FORMS, type ReportFormat } from '#shared/contract/index.ts';
import type { RecipeNames } from '#shared/words/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { FORMS } from './forms/index.ts';
import { aboutOf, columnsOf } from './report-about.ts';
import { collectFacts } from './report-facts.ts';
import type { ReportSubject } from './report-form.ts';
import { createReportSource } from './report-source.ts';
import { formatManifest, manifestFileOf } from './manifest.ts';

export interface ReportOptions {
  readonly format: ReportFormat;
  /** Separators and mark of a CSV file; default comma, decimal point and a byte order mark. */
  readonly csv?: CsvForm | undefined;
  /** Version of the program, for the manifest. */
  readonly appVersion?: string | undefined;
  /** Of WATS: the code of the test operation at the server. */
  readonly processCode?: number | undefined;
  /** Of PDF; default Chinese on A4, with the names of steps as the recipe has them. */
  readonly pdf?: (PdfForm & { readonly titles?: RecipeNames }) | undefined;
  /**
   * Name of the temporary files, for a report that has one writer: it then replaces what it left when it was killed. Default: new
   * names, and what killed writers left is removed after a day.
   */
  readonly draft?: string | undefined;
  readonly signal: AbortSignal;
  /** Called after every run; the total is `null` for the runs of a filter, the share 0 … 1 is known for all. */
  readonly onProgress?: (runs: number, totalRuns: number | null, share: number) => void;
}

export interface WrittenReport {
  readonly runs: number;
  readonly bytes: number;
  /** Rows of the file without its header: one for each run. */
  readonly rows: number;
  /** Of the file, 64 hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Writes the runs of a batch, a filter or a unit to a file and its manifest beside it, both or neither, with constant memory.
 * Short pages with pauses allow the database of a running station. Runs that start after the call are not in it.
 * Faults: `bad-input` for a subject that the form cannot have, for two columns of one name, and when the comma is both delimiter
 * and decimal separator; `file-missing`, `file-denied`, `disk-full`, `disk-read-only`, `disk-failing`, `data-busy`; the
 * signal's reason.
 */
export async function writeReport(
  database: ReadableDatabase,
  subject: ReportSubject,
  file: string,
  { format, csv = {}, processCode, pdf = {}, appVersion, draft, signal, onProgress }: ReportOptions,
): Promise<WrittenReport> {
  throwIfAborted(signal);
  requireUsable(subject, format, csv);
  const columns = columnsOf(database, subject, format);
  const facts = collectFacts();
  const hash = createHash('sha256');
  let runs = 0;
  const source = createReportSource(database, subject, {
    csv,
    processCode,
    pdf: {
      language: pdf.language ?? 'zh-CN',
      paper: pdf.paper ?? 'A4',
      titles: pdf.titles ?? {},
    },
    signal,
    onRead: (page) => page.forEach(facts.add),
    onRun() {
      runs += 1;
      onProgress?.(runs, source.totalRuns, source.shareOf(runs));
    },
  });
  const { isCsv } = REPORT_FORMS[format];
  let sha256 = '';
  const makeManifest = (bytes: number): string => {
    sha256 = hash.digest('hex');
    return formatManifest({
      file: basename(file),
      bytes,
      sha256,
      rows: runs,
      form: format,
      formVersion: FORMS[format].version,
      about: aboutOf(database, subject),
      columns,
      measurements: subject.kind !== 'runs' || subject.measurements,
      csv: isCsv
        ? { delimiter: csv.delimiter ?? ',', decimal: csv.decimal ?? '.', bom: csv.bom ?? true }
        : null,
      ...facts.result(),
      writtenBy: appVersion ?? null,
    });
  };
  try {
    const bytes = await writeWithManifest(file, FORMS[format].write(source), {
      signal,
      draft,
      onChunk: (chunk) => void hash.update(chunk),
      makeManifest,
    });
    return { bytes, runs, rows: runs, sha256 };
  } catch (error) {
    throw asFileFault(error, file, 'written', {
      'disk-full': { hint: 'Free space and export again.' },
      'disk-read-only': { hint: 'Choose a folder on another disk.' },
      'file-denied': { hint: 'Choose a folder this user may write to, and close the file where it is open.' },
      'file-missing': { hint: 'Make it, or name another.' },
    });
  }
}

/**
 * The manifest takes its place first: a file under its final name always has one. When the station is killed between the two, the
 * manifest says that the file is missing, or that it is not the one it describes.
 */
async function writeWithManifest(
  file: string,
  content: AsyncIterable<string | Uint8Array>,
  {
    signal,
    draft,
    onChunk,
    makeManifest,
  }: {
    readonly signal: AbortSignal;
    readonly draft: string | undefined;
    readonly onChunk: (chunk: Uint8Array) => void;
    readonly makeManifest: (bytes: number) => string;
  },
): Promise<number> {
  const manifestFile = manifestFileOf(file);
  let putBack: (() => Promise<unknown>) | null = null;
  try {
    return await writeFileAtomic(file, content, {
      signal,
      onChunk,
      ...temporary(file, draft),
      async beforeRename(bytes) {
        const earlier = await readFile(manifestFile).catch(() => null);
        await writeFileAtomic(manifestFile, makeManifest(bytes), temporary(manifestFile, draft));
        putBack = () =>
          earlier === null
            ? rm(manifestFile, { force: true })
            : writeFileAtomic(manifestFile, earlier, temporary(manifestFile, draft));
      },
    });
  } catch (error) {
    // The file is as it was before; so is its manifest, where the disk allows it.
    await (putBack as (() => Promise<unknown>) | null)?.().catch(() => undefined);
    throw error;
  }
}

function temporary(
  file: string,
  draft: string | undefined,
): Pick<WriteOptions, 'removeLeftovers' | 'temporaryFile'> {
  return draft === undefined
    ? { removeLeftovers: true }
    : { temporaryFile: `${file}.${draft}${TEMPORARY_ENDING}` };
}

const SUBJECT_WORDS = {
  batch: 'a batch',
  runs: 'runs that a filter finds',
  unit: 'one unit',
  run: 'one run',
} as const;

function requireUsable({ kind }: ReportSubject, format: ReportFormat, csv: CsvForm): void {
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
