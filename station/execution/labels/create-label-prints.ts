import type { LabelPrintState } from '#shared/domain/label-print.ts';
import { runLabel } from '../../results/labels/index.ts';
import { LabelPrints, type LabelPrintsOptions, type PrinterSettings } from '../../results/printing/index.ts';
import type { Batches } from '../batches/index.ts';

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
    labelOf: (run, options) => runLabel(parts.database, run, batches.recipeOf(run.batchId), options),
  });
  prints.onChange(({ state }) => printerWatch.printEnded(state));
  return prints;
}
