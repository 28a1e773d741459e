import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CSV_DECIMALS, CSV_DELIMITERS, type CsvDecimal, type CsvDelimiter } from '#shared/codec/csv/index.ts';
import {
  type CsvForm,
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
import { createRecipeTitles, type ReadableDatabase, type ReportSubject, writeReport } from '#station';
import { counted, type Language, LANGUAGES } from '#shared/words/index.ts';
import { type CommonOptions, command, interruptSignal, wholeNumber } from '../command.ts';
import { createOutput } from '../output.ts';
import { BATCH_HELP, findBatch } from '../lookup/batch.ts';
import { findRun, findRunsOfUnit, RUN_HELP } from '../lookup/run.ts';
import { addRunFilter, type RunFilterOptions, runFilterOf } from '../run-filter.ts';
import { shareFile } from '../share-file.ts';
import { withDatabase } from '../with-station.ts';

interface ReportOptions extends CommonOptions, RunFilterOptions {
  readonly columns?: RunColumn[];
  readonly measurements?: boolean;
  readonly format: ReportFormat;
  readonly out: string;
  readonly delimiter?: CsvDelimiter;
  readonly decimal?: CsvDecimal;
  readonly run?: string;
  readonly unit?: string;
  readonly processCode?: number;
  readonly language?: Language;
  readonly paper?: Paper;
}

export function reportCommand(): Command {
  return addRunFilter(
    command('report', 'the runs of a batch with their measurements, or those that a filter finds, as a file'),
  )
    .argument('[batch]', `${BATCH_HELP}; with a filter or without a batch: the found runs, the newest first`)
    .option('--columns <names>', `columns of the found runs: ${RUN_COLUMNS.join(',')}`, columns)
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
    .option('--run <run>', `one run, as a document of its own: ${RUN_HELP}`)
    .option('--unit <unit>', 'all runs of one unit, by its serial number, MAC or DeviceName')
    .option(
      '--process-code <number>',
      'of WSJF: code of the test operation at the WATS server; 10 when left out',
      wholeNumber(1, 1_000_000),
    )
    .addOption(new Option('--language <language>', 'of a PDF; zh-CN when left out').choices(LANGUAGES))
    .addOption(new Option('--paper <paper>', 'of a PDF; A4 when left out').choices(PAPERS))
    .requiredOption('--out <file>', 'where to write it')
    .action(report);
}

/** `tab` and `\t` stand for the tab character. */
function delimiter(text: string): CsvDelimiter {
  const wanted = text === 'tab' || text === '\\t' ? '\t' : text;
  const found = CSV_DELIMITERS.find((one) => one === wanted);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`${text} does not separate cells; take , or ; or tab.`);
}

function csvForm({ format, delimiter, decimal }: ReportOptions): CsvForm | undefined {
  if (delimiter === undefined && decimal === undefined) return undefined;
  if (REPORT_FORMS[format].isCsv) return { delimiter, decimal };
  throw new Fault('bad-input', `--delimiter and --decimal are of CSV, not of ${format}`, {
    hint: 'Leave them out, or take --format csv.',
  });
}

/** Faults: `bad-input` for a batch that is named twice. */
function isOfBatch(text: string | undefined, options: ReportOptions): text is string {
  const filters: readonly (keyof RunFilterOptions | 'columns' | 'measurements')[] = [
    'text', 'batch', 'serial', 'outcome', 'failure', 'failurePhase', 'failureStep', 'failureMeasurement', 'recipe',
    'slot', 'operator', 'station', 'from', 'to', 'time', 'first', 'columns', 'measurements',
  ]; // prettier-ignore
  if (text !== undefined && options.batch !== undefined) {
    throw new Fault('bad-input', 'the batch is named twice', { hint: 'Leave out --batch.' });
  }
  return text !== undefined && filters.every((name) => options[name] === undefined);
}

/**
 * The run or the unit that is named; `null` when none is. Faults: `bad-input` beside a batch, a filter or each other, and for a run
 * that has not ended in a form that has ended runs only; those of `findRun`.
 */
function namedSubject(
  database: ReadableDatabase,
  text: string | undefined,
  options: ReportOptions,
): ReportSubject | null {
  const { run, unit, format } = options;
  if (run === undefined && unit === undefined) return null;
  if ((run !== undefined && unit !== undefined) || text !== undefined || !isOfBatch('', options)) {
    throw new Fault('bad-input', '--run and --unit name all there is to write', {
      hint: 'Leave out the batch, the filter, the columns, or one of the two.',
    });
  }
  if (unit !== undefined) return { kind: 'unit', name: unit, runIds: findRunsOfUnit(database, unit) };
  const { run: found } = findRun(database, run ?? '');
  if (found.outcome === null && REPORT_FORMS[format].isOfEndedRuns) {
    throw new Fault('bad-input', `the run ${found.runId} has not ended`, {
      hint: 'Wait until it has a result.',
    });
  }
  return { kind: 'run', runId: found.runId };
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

async function report(text: string | undefined, options: ReportOptions): Promise<void> {
  const out = createOutput(options);
  const path = resolve(options.out);
  const { format } = options;
  const csv = csvForm(options);
  const processCode = processCodeOf(options);
  const signal = interruptSignal();
  let toldAtMs = performance.now();
  const onProgress = (runs: number, totalRuns: number | null): void => {
    if (performance.now() - toldAtMs < 1000) return;
    toldAtMs = performance.now();
    out.event('report.progress', { batch, runs, totalRuns });
    out.print(totalRuns === null ? counted(runs, 'run') : `${runs} of ${counted(totalRuns, 'run')}`);
  };
  let batch: string | null = text ?? null;
  const pdf = pdfForm(options);
  const { runs, bytes } = await withDatabase(options, (database) => {
    const recipeTitles = createRecipeTitles(database.batches);
    const written = { format, csv, processCode, pdf: { ...pdf, recipeTitles }, signal, onProgress };
    const named = namedSubject(database, text, options);
    if (named !== null) return writeReport(database, named, path, written);
    if (isOfBatch(text, options)) {
      batch = findBatch(database.batches, text).batchId;
      return writeReport(database, { kind: 'batch', batchId: batch }, path, written);
    }
    const filter = runFilterOf(database, text === undefined ? options : { ...options, batch: text });
    batch = filter.batchId ?? null;
    const content = {
      filter,
      columns: options.columns ?? RUN_COLUMNS,
      measurements: options.measurements === true,
    };
    return writeReport(database, { kind: 'runs', ...content }, path, written);
  });
  shareFile(path);
  out.event('report.written', { batch, path, format, runs, bytes });
  out.print(`${counted(runs, 'run')} written to ${path}`);
}

function columns(text: string): RunColumn[] {
  return text.split(',').map((name) => {
    const column = RUN_COLUMNS.find((known) => known === name.trim());
    if (column !== undefined) return column;
    throw new InvalidArgumentError(`${name} is no column; choose from ${RUN_COLUMNS.join(', ')}.`);
  });
}
