import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CSV_DECIMALS, CSV_DELIMITERS, type CsvDecimal, type CsvDelimiter } from '#shared/codec/csv/index.ts';
import { type CsvForm, REPORT_FORMATS, type ReportFormat } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { writeRunReport } from '#station';
import { counted } from '#shared/words/index.ts';
import { type CommonOptions, command, interruptSignal } from '../command.ts';
import { createOutput } from '../output.ts';
import { BATCH_HELP, findBatch } from '../lookup/batch.ts';
import { shareFile } from '../share-file.ts';
import { withDatabase } from '../with-station.ts';

interface ReportOptions extends CommonOptions {
  readonly format: ReportFormat;
  readonly out: string;
  readonly delimiter?: CsvDelimiter;
  readonly decimal?: CsvDecimal;
}

export function reportCommand(): Command {
  return command('report', 'the runs of a batch with their measurements, as a file')
    .argument('<batch>', BATCH_HELP)
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
  if (format === 'csv') return { delimiter, decimal };
  throw new Fault('bad-input', `--delimiter and --decimal are of CSV, not of ${format}`, {
    hint: 'Leave them out, or take --format csv.',
  });
}

async function report(text: string, options: ReportOptions): Promise<void> {
  const out = createOutput(options);
  const path = resolve(options.out);
  const { format } = options;
  const csv = csvForm(options);
  const signal = interruptSignal();
  let toldAtMs = performance.now();
  const onProgress = (runs: number, totalRuns: number): void => {
    if (performance.now() - toldAtMs < 1000) return;
    toldAtMs = performance.now();
    out.event('report.progress', { batch, runs, totalRuns });
    out.print(`${runs} of ${counted(totalRuns, 'run')}`);
  };
  let batch = text;
  const { runs, bytes } = await withDatabase(options, (database) => {
    batch = findBatch(database.batches, text).batchId;
    return writeRunReport(database, batch, path, { format, csv, signal, onProgress });
  });
  shareFile(path);
  out.event('report.written', { batch, path, format, runs, bytes });
  out.print(`${counted(runs, 'run')} written to ${path}`);
}
