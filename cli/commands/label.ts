import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import { readStoredRecipe, runLabel, writeLabelFile } from '#station';
import { type CommonOptions, command, group } from '../command.ts';
import { findBatch } from '../lookup/batch.ts';
import { findRun, RUN_HELP } from '../lookup/run.ts';
import { createOutput } from '../output.ts';
import { shareFile } from '../share-file.ts';
import { withDatabase } from '../with-station.ts';

export function labelCommand(): Command {
  return group('label', 'labels of units', [
    command('print', 'the label of a run that passed')
      .requiredOption('--run <run>', RUN_HELP)
      .requiredOption('--to <file>', 'file.svg, file.png, file.pdf, file.zpl or file.tspl')
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
  const label = await withDatabase(options, (database) => {
    const { run } = findRun(database, options.run);
    const batch = findBatch(database.batches, run.batchId);
    const { recipe } = readStoredRecipe(database.batches, batch.recipeHash, `recipe of batch ${batch.name}`);
    return { runId: run.runId, ...runLabel(database, run, recipe.title.en) };
  });
  await writeLabelFile(path, label);
  shareFile(path);
  out.event('label.written', { run: label.runId, path, payload: label.payload });
  out.print(path);
}
