import type { PrinterSetting } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { LabelPrintRow, RunRow } from '../../core/database/index.ts';
import {
  type FontBook,
  type NamedTemplate,
  renderLabelBeside,
  type RunLabelOptions,
  type UnitLabel,
} from '../labels/index.ts';
import { DEFAULT_TEMPLATE } from './print-names.ts';

/**
 * The bytes of a print for a printer. Faults: `label-impossible` when its template or the identity of its unit is another one now;
 * those of `labelOf` and of `renderLabelBeside`.
 */
export async function renderPrint(
  row: LabelPrintRow,
  run: RunRow,
  setting: PrinterSetting | null,
  {
    labelOf,
    fonts,
    template,
    signal,
  }: {
    readonly labelOf: (run: RunRow, options: RunLabelOptions) => UnitLabel;
    readonly fonts: FontBook;
    /** In place of that of the recipe. */
    readonly template: NamedTemplate | undefined;
    readonly signal: AbortSignal;
  },
): Promise<Uint8Array> {
  // `print` of the printer refuses a station that has none.
  if (setting === null) return new Uint8Array();
  const label = labelOf(run, { template, copy: row.copy });
  if ((label.template?.sha256 ?? DEFAULT_TEMPLATE) !== row.template)
    throw new Fault('label-impossible', 'the template of this label is another one now', {
      hint: 'Print the label again, with a reason.',
    });
  if (label.payload !== row.payload)
    throw new Fault('label-impossible', 'the unit has another identity than the one that this label shows', {
      hint: 'Print the label of its present identity.',
    });
  const { language, dpi, widthMm, heightMm, gapMm } = setting;
  return renderLabelBeside(label, language, { dpi, widthMm, heightMm, gapMm, fonts }, signal);
}
