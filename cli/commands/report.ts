import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { shareFile } from '#node-kit/files/index.ts';
import { CSV_DECIMALS, CSV_DELIMITERS, type CsvDecimal, type CsvDelimiter } from '#shared/codec/csv/index.ts';
import {
  type CsvForm,
  MAX_COLUMN_NAME,
  type Paper,
  PAPERS,
  type PdfForm,
  REPORT_FORMATS,
  REPORT_FORMS,
  type ReportFormat,
  RUN_COLUMNS,
  type RunColumn,
} from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  createRecipeTitles,
  findUnitRuns,
  keepHeapSmall,
  manifestFileOf,
  type ReadableDatabase,
  type ReportSubject,
  verifyReport,
  writeReport,
} from '#station';
import { counted, type Language, LANGUAGES, type RecipeNames } from '#shared/words/index.ts';
import { type CommonOptions, command, interruptSignal, wholeNumber } from '../command.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { createOutput } from '../output.ts';
import { BATCH_HELP, findBatch } from '../lookup/batch.ts';
import { findRun, RUN_HELP } from '../lookup/run.ts';
import { addRunFilter, type RunFilterOptions, runFilterOf } from '../run-filter.ts';
import { APP_VERSION } from '../program.ts';
import { withDatabase } from '../with-station.ts';

interface ReportOptions extends CommonOptions, RunFilterOptions {
  readonly columns?: ChosenColumns;
  readonly measurements?: boolean;
  readonly unit?: string;
  readonly format: ReportFormat;
  readonly out?: string;
  readonly delimiter?: CsvDelimiter;
  readonly decimal?: CsvDecimal;
  readonly bom: boolean;
  readonly run?: string;
  readonly processCode?: number;
  readonly language?: Language;
  readonly paper?: Paper;
}

interface ChosenColumns {
  readonly columns: readonly RunColumn[];
  readonly names: Readonly<Partial<Record<RunColumn, string>>>;
}

export function reportCommand(): Command {
  return addRunFilter(
    command(
      'report',
      'the runs of a batch with their measurements, of a unit, or those that a filter finds, as a file with its manifest; "report verify FILE" compares the two',
    ),
  )
    .argument(
      '[batch]',
      `${BATCH_HELP}; with a filter or without a batch: the found runs, the newest first; or verify`,
    )
    .argument('[file]', 'after verify: a report, to compare with its manifest')
    .option(
      '--unit <name>',
      'all runs of the unit with this serial number, MAC or DeviceName, the oldest first',
    )
    .option(
      '--columns <names>',
      `columns of the found runs, each alone or as column=name: ${RUN_COLUMNS.join(',')}`,
      columns,
    )
    .option('--measurements', 'found runs with their measurements')
    .addOption(new Option('--format <format>', 'file format').choices(REPORT_FORMATS).default('csv'))
    .option(
      '--delimiter <char>',
      'between the cells of a CSV file: , (default), ; or tab. Excel expects ; where numbers have a decimal comma',
      delimiter,
    )
    .addOption(
      new Option('--decimal <char>', 'in the numbers of a CSV file; the point when left out').choices(
        CSV_DECIMALS,
      ),
    )
    .option('--no-bom', 'a CSV file without byte order mark, which Excel needs and some programs do not take')
    .option('--run <run>', `one run, as a document of its own: ${RUN_HELP}`)
    .option(
      '--process-code <number>',
      'of WSJF: code of the test operation at the WATS server; 10 when left out',
      wholeNumber(1, 1_000_000),
    )
    .addOption(new Option('--language <language>', 'of a PDF; zh-CN when left out').choices(LANGUAGES))
    .addOption(new Option('--paper <paper>', 'of a PDF; A4 when left out').choices(PAPERS))
    .option('--out <file>', 'where to write it; needed unless a report is verified')
    .action(report);
}

/** `tab` and `\t` stand for the tab character. */
function delimiter(text: string): CsvDelimiter {
  const wanted = text === 'tab' || text === '\\t' ? '\t' : text;
  const found = CSV_DELIMITERS.find((one) => one === wanted);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`${text} does not separate cells; take , or ; or tab.`);
}

function csvForm({ format, delimiter, decimal, bom }: ReportOptions): CsvForm | undefined {
  if (delimiter === undefined && decimal === undefined && bom) return undefined;
  if (REPORT_FORMS[format].isCsv) return { delimiter, decimal, bom };
  throw new Fault('bad-input', `--delimiter, --decimal and --no-bom are of CSV, not of ${format}`, {
    hint: 'Leave them out, or take --format csv.',
  });
}

const FILTERS: readonly (keyof RunFilterOptions | 'columns' | 'measurements')[] = [
  'text', 'batch', 'serial', 'outcome', 'failure', 'failurePhase', 'failureStep', 'failureMeasurement', 'recipe',
  'slot', 'operator', 'station', 'from', 'to', 'time', 'first', 'columns', 'measurements',
]; // prettier-ignore
const hasFilter = (options: ReportOptions): boolean => FILTERS.some((name) => options[name] !== undefined);

/** What is asked for. Faults: `bad-input` for what is named twice or does not go together; those of finding it. */
function subjectOf(
  database: ReadableDatabase,
  text: string | undefined,
  options: ReportOptions,
): ReportSubject {
  if (text !== undefined && options.batch !== undefined) {
    throw new Fault('bad-input', 'the batch is named twice', { hint: 'Leave out --batch.' });
  }
  const named = namedSubject(database, text, options);
  if (named !== null) return named;
  if (text !== undefined && !hasFilter(options)) {
    return { kind: 'batch', batchId: findBatch(database.batches, text).batchId };
  }
  const filter = runFilterOf(database, text === undefined ? options : { ...options, batch: text });
  const { columns = RUN_COLUMNS, names } = options.columns ?? {};
  return { kind: 'runs', filter, columns, names, measurements: options.measurements === true };
}

/**
 * The run or the unit that is named; `null` when none is. Faults: `bad-input` beside a batch, a filter or each other, and for a run
 * that has not ended in a form that has ended runs only; those of `findRun` and `findUnitRuns`.
 */
function namedSubject(
  database: ReadableDatabase,
  text: string | undefined,
  options: ReportOptions,
): ReportSubject | null {
  const { run, unit, format } = options;
  if (run === undefined && unit === undefined) return null;
  if ((run !== undefined && unit !== undefined) || text !== undefined || hasFilter(options)) {
    throw new Fault('bad-input', '--run and --unit name all there is to write', {
      hint: 'Leave out the batch, the filter, the columns, or one of the two.',
    });
  }
  if (unit !== undefined) return findUnitRuns(database, unit);
  const { run: found } = findRun(database, run ?? '');
  if (found.outcome === null && REPORT_FORMS[format].isOfEndedRuns) {
    throw new Fault('bad-input', `the run ${found.runId} has not ended`, {
      hint: 'Wait until it has a result.',
    });
  }
  return { kind: 'run', runId: found.runId };
}

function batchOf(subject: ReportSubject): string | null {
  if (subject.kind === 'batch') return subject.batchId;
  return subject.kind === 'runs' ? (subject.filter.batchId ?? null) : null;
}

/** Faults: `bad-input` for another form than WSJF. */
function processCodeOf({ format, processCode }: ReportOptions): number | undefined {
  if (processCode === undefined || format === 'wsjf') return processCode;
  throw new Fault('bad-input', `--process-code is of WSJF, not of ${format}`, {
    hint: 'Leave it out, or take --format wsjf.',
  });
}

/** Faults: `bad-input` for another form than PDF. */
function pdfForm({ format, language, paper }: ReportOptions): PdfForm | undefined {
  if (format === 'pdf') return { language, paper };
  if (language === undefined && paper === undefined) return undefined;
  throw new Fault('bad-input', `--language and --paper are of PDF, not of ${format}`, {
    hint: 'Leave them out, or take --format pdf.',
  });
}

/** Of the recipe of a batch. */
function titlesOf({ batches }: ReadableDatabase, subject: ReportSubject): RecipeNames {
  const batch = subject.kind === 'batch' ? batches.findById(subject.batchId) : null;
  return batch === null ? {} : createRecipeTitles(batches)([batch.recipeHash]);
}

async function report(
  text: string | undefined,
  file: string | undefined,
  options: ReportOptions,
): Promise<void> {
  if (file !== undefined) return verify(text, file, options);
  const out = createOutput(options);
  if (options.out === undefined) {
    throw new Fault('bad-input', 'the file is not named', { hint: 'Name it with --out.' });
  }
  const path = resolve(options.out);
  const { format } = options;
  const csv = csvForm(options);
  const processCode = processCodeOf(options);
  const signal = interruptSignal();
  let toldAtMs = performance.now();
  let batch: string | null = null;
  const onProgress = (runs: number, totalRuns: number | null, share: number): void => {
    if (performance.now() - toldAtMs < 1000) return;
    toldAtMs = performance.now();
    out.event('report.progress', { batch, runs, totalRuns, share });
    out.print(
      totalRuns === null
        ? `${counted(runs, 'run')}, ${Math.floor(share * 100)} %`
        : `${runs} of ${counted(totalRuns, 'run')}`,
    );
  };
  const pdf = pdfForm(options);
  keepHeapSmall();
  const written = await withDatabase(options, (database) => {
    const subject = subjectOf(database, text, options);
    batch = batchOf(subject);
    return writeReport(database, subject, path, {
      format,
      csv,
      processCode,
      ...(pdf === undefined ? {} : { pdf: { ...pdf, titles: titlesOf(database, subject) } }),
      appVersion: APP_VERSION,
      signal,
      onProgress,
    });
  });
  for (const one of [path, manifestFileOf(path)]) shareFile(one);
  out.event('report.written', { batch, path, format, ...written });
  out.print(`${counted(written.runs, 'run')} written to ${path}`);
}

async function verify(word: string | undefined, file: string, options: CommonOptions): Promise<void> {
  if (word !== 'verify') {
    throw new Fault('bad-input', `a batch has no second name ${file}`, {
      hint: 'Name the file with --out, or say "report verify FILE".',
    });
  }
  const out = createOutput(options);
  const { manifest, ...verdict } = await verifyReport(resolve(file), interruptSignal());
  const { rows = null, sha256 = null, form = null } = manifest ?? {};
  out.event('report.verified', { ...verdict, rows, sha256, format: form });
  out.print(verdict.message);
  if (!verdict.whole) process.exitCode = EXIT_STATUS.integrity;
}

/** `startedAt,serialNumber=Serial No.`: columns, each with another name where one is given. */
function columns(text: string): ChosenColumns {
  const names: Partial<Record<RunColumn, string>> = {};
  const chosen = text.split(',').map((part) => {
    const at = part.indexOf('=');
    const key = (at === -1 ? part : part.slice(0, at)).trim();
    const column = RUN_COLUMNS.find((known) => known === key);
    if (column === undefined) {
      throw new InvalidArgumentError(`${key} is no column; choose from ${RUN_COLUMNS.join(', ')}.`);
    }
    const name = at === -1 ? '' : part.slice(at + 1).trim();
    if (at !== -1 && (name === '' || name.length > MAX_COLUMN_NAME)) {
      throw new InvalidArgumentError(`A name of a column has 1 to ${MAX_COLUMN_NAME} characters.`);
    }
    if (name !== '') names[column] = name;
    return column;
  });
  const twice = chosen.find((column, index) => chosen.indexOf(column) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`${twice} is named twice.`);
  return { columns: chosen, names };
}
