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
import { DPI_HELP, findTemplate, labelTemplateCommands, resolution } from './label-templates.ts';

export function labelCommand(): Command {
  return group('label', 'labels of units', [
    command('print', 'the label of a run that passed')
      .requiredOption('--run <run>', RUN_HELP)
      .requiredOption('--to <file>', 'file.svg, file.png, file.pdf, file.zpl or file.tspl')
      .option('--template <template>', 'a file, or the name of a template, in place of that of the recipe')
      .option('--dpi <n>', DPI_HELP, resolution, 300)
      .action(print),
    ...labelTemplateCommands(),
  ]);
}

interface PrintOptions extends CommonOptions {
  readonly run: string;
  readonly to: string;
  readonly template?: string;
  readonly dpi: number;
}

async function print(options: PrintOptions): Promise<void> {
  const out = createOutput(options);
  if (options.to.startsWith('zpl:')) {
    throw new Fault('bad-input', 'label printers are not supported yet', {
      hint: 'Write the label to a file: .svg, .png or .pdf.',
    });
  }
  const path = resolve(options.to);
  const label = await withDatabase(options, async (database) => {
    const { run } = findRun(database, options.run);
    const batch = findBatch(database.batches, run.batchId);
    const recipe = readStoredRecipe(database.batches, batch.recipeHash, `recipe of batch ${batch.name}`);
    const template =
      options.template === undefined ? undefined : await findTemplate(database, options.template);
    return { runId: run.runId, ...runLabel(database, run, recipe, { template }) };
  });
  await writeLabelFile(path, label, { dpi: options.dpi });
  shareFile(path);
  out.event('label.written', { run: label.runId, path, payload: label.payload });
  out.print(path);
}
