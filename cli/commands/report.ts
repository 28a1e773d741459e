import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { writeRunReport } from '#station';
import { type CommonOptions, command, interruptSignal } from '../command.ts';
import { createOutput } from '../output.ts';
import { withStore } from '../with-station.ts';
import { Fault } from '#shared/domain/fault.ts';

export function reportCommand(): Command {
  return command('report', 'what a batch did, as a file')
    .argument('<batch>', "the batch's id")
    .addOption(new Option('--format <format>', 'file format').choices(['csv']).default('csv'))
    .requiredOption('--out <file>', 'where to write it')
    .action(report);
}

async function report(batch: string, options: CommonOptions & { readonly out: string }): Promise<void> {
  const out = createOutput(options);
  const path = resolve(options.out);
  const runs = await withStore(options, (store) => {
    if (store.batches.byId(batch) === null)
      throw new Fault('batch-missing', `there is no batch ${batch}`, {
        hint: 'List them with "batch list".',
      });
    return writeRunReport(store, batch, path, interruptSignal());
  });
  out.event('report.written', { batch, path, runs });
  if (!out.json) out.say(`${runs} runs written to ${path}`);
}
