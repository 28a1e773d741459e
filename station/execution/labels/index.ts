/** Labels of units that passed, at their slots: printed, asked about, scanned, before the next unit begins. */
export { createLabelPrints } from './create-label-prints.ts';
export { RunLabels } from './run-labels.ts';
