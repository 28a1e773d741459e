import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { REPORT_FORMATS, type ReportFormat } from '#shared/contract/index.ts';
import { writeRunReport } from '#station';
import { counted } from '#shared/words/index.ts';
import { type CommonOptions, command, interruptSignal } from '../command.ts';
import { createOutput } from '../output.ts';
import { requireBatch } from '../require-batch.ts';
import { shareFile } from '../share-file.ts';
import { withStore } from '../with-station.ts';

interface ReportOptions extends CommonOptions {
  readonly format: ReportFormat;
  readonly out: string;
}

export function reportCommand(): Command {
  return command('report', 'the runs of a batch with their measurements, as a file')
    .argument('<batch>', "the batch's id")
    .addOption(new Option('--format <format>', 'file format').choices(REPORT_FORMATS).default('csv'))
    .requiredOption('--out <file>', 'where to write it')
    .action(report);
}

async function report(batch: string, options: ReportOptions): Promise<void> {
  const out = createOutput(options);
  const path = resolve(options.out);
  const { format } = options;
  const signal = interruptSignal();
  let toldAtMs = performance.now();
  const onProgress = (runs: number, totalRuns: number): void => {
    if (performance.now() - toldAtMs < 1000) return;
    toldAtMs = performance.now();
    out.event('report.progress', { batch, runs, totalRuns });
    if (!out.json) out.say(`${runs} of ${counted(totalRuns, 'run')}`);
  };
  const { runs, bytes } = await withStore(options, (store) => {
    requireBatch(store, batch);
    return writeRunReport(store, batch, path, { format, signal, onProgress });
  });
  shareFile(path);
  out.event('report.written', { batch, path, format, runs, bytes });
  if (!out.json) out.say(`${counted(runs, 'run')} written to ${path}`);
}
