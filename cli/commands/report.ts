import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { REPORT_FORMATS, type ReportFormat } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { countBatch, type Store, writeRunReport } from '#station';
import { type CommonOptions, command, interruptSignal } from '../command.ts';
import { createOutput, table } from '../output.ts';
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

export function yieldCommand(): Command {
  return command('yield', 'how a batch does: first pass, final, and what fails most')
    .argument('<batch>', "the batch's id")
    .action(yieldOf);
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
    if (!out.json) out.say(`${runs} of ${totalRuns} runs`);
  };
  const { runs, bytes } = await withStore(options, (store) => {
    requireBatch(store, batch);
    return writeRunReport(store, batch, path, { format, signal, onProgress });
  });
  out.event('report.written', { batch, path, format, runs, bytes });
  if (!out.json) out.say(`${runs} runs written to ${path}`);
}

async function yieldOf(batch: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  const count = await withStore(options, (store) => {
    requireBatch(store, batch);
    return countBatch(store, batch, signal);
  });
  const { batchId, ...figures } = count;
  out.event('yield', { batch: batchId, ...figures });
  if (out.json) return;
  const percent = (share: number | null): string => (share === null ? '—' : `${(share * 100).toFixed(2)} %`);
  out.say(
    table(
      ['', 'units', 'yield'],
      [
        ['tested', String(count.units), ''],
        ['passed at first', String(count.firstPass), percent(count.firstPassYield)],
        ['passed in the end', String(count.finalPass), percent(count.finalYield)],
      ],
    ),
  );
  out.say(
    `${count.runs} runs${count.medianMs === null ? '' : `, ${(count.medianMs / 1000).toFixed(1)} s each when it passes (median)`}`,
  );
  if (count.failures.length === 0) return;
  const rows = count.failures.map(({ runs, code, phase, step, example }) => [
    String(runs),
    code,
    `${phase}/${step}`,
    example,
  ]);
  out.say(`\n${table(['runs', 'failure', 'where', 'for example'], rows)}`);
}

function requireBatch(store: Store, batch: string): void {
  if (store.batches.byId(batch) !== null) return;
  throw new Fault('batch-missing', `there is no batch ${batch}`, { hint: 'List them with "batch list".' });
}
