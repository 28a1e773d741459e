import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import { readStoredRecipe, runLabel, writeLabelFile } from '#station';
import { type CommonOptions, command, group } from '../command.ts';
import { createOutput } from '../output.ts';
import { shareFile } from '../share-file.ts';
import { withStore } from '../with-station.ts';

export function labelCommand(): Command {
  return group('label', 'labels of units', [
    command('print', 'the label of a run that passed')
      .requiredOption('--run <id>', 'the run')
      .requiredOption('--to <file>', 'file.svg, file.png or file.pdf')
      .action(print),
  ]);
}

async function print(options: CommonOptions & { readonly run: string; readonly to: string }): Promise<void> {
  const out = createOutput(options);
  if (options.to.startsWith('zpl:')) {
    throw new Fault('bad-input', 'label printers are not supported yet', {
      hint: 'Write the label to a file: .svg, .png or .pdf.',
    });
  }
  const path = resolve(options.to);
  const label = await withStore(options, (store) => {
    const run = store.runs.byId(options.run);
    const batch = run === null ? null : store.batches.byId(run.batchId);
    if (run === null || batch === null)
      throw new Fault('not-found', `there is no run ${options.run}`, {
        hint: 'Its id is in the report of its batch.',
      });
    return runLabel(
      store,
      run,
      readStoredRecipe(store.batches, batch.recipeHash, `recipe of batch ${batch.name}`).recipe.title.en,
    );
  });
  await writeLabelFile(path, label);
  shareFile(path);
  out.event('label.written', { run: options.run, path, payload: label.payload });
  if (!out.json) out.say(path);
}
