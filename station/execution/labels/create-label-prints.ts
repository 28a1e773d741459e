import type { LabelPrintState } from '#shared/domain/label-print.ts';
import { runLabel } from '../../results/labels/index.ts';
import { LabelPrints, type LabelPrintsOptions, type PrinterSettings } from '../../results/printing/index.ts';
import type { Batches } from '../batches/index.ts';
import type { StepOf } from '#shared/recipe/index.ts';

/** The prints of a station, with the labels that the recipes of its batches describe. */
export function createLabelPrints(
  {
    printerSettings,
    printerWatch,
    ...parts
  }: Pick<LabelPrintsOptions, 'database' | 'audit' | 'platform' | 'printer'> & {
    readonly printerSettings: PrinterSettings;
    /** Hears of each print: one that did not come out says how the printer is. */
    readonly printerWatch: { printEnded(state: LabelPrintState): void };
  },
  batches: Batches,
): LabelPrints {
  const prints = new LabelPrints({
    ...parts,
    setting: () => printerSettings.get(),
    labelOf: (run) => {
      const { recipe } = batches.recipeOf(run.batchId);
      const steps = recipe.phases.flatMap((phase) => phase.steps);
      const step = steps.find((one): one is StepOf<'label'> => one.verb === 'label');
      return {
        label: runLabel(parts.database, run, recipe.title.en),
        code: step?.code ?? 'qr',
        template: 'default',
      };
    },
  });
  prints.onChange(({ state }) => printerWatch.printEnded(state));
  return prints;
}
