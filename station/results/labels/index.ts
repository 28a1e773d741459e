/**
 * Draws codes and labels as files: the label of a unit, and the Wi-Fi code that a camera scans. The payloads come from
 * `shared/codec/qr`.
 */
export type { DrawingFormat } from './drawing.ts';
export { createFontBook, type FontBook } from './fonts/font-book.ts';
export { readShippedFont } from './fonts/shipped-font.ts';
export { encodeModules, type ErrorLevel, type ModuleMatrix, type Symbology } from './modules.ts';
export { traceOutline } from './outline.ts';
export { LABEL_JOB, PREVIEW_JOB, renderLabelBeside } from './label-job.ts';
export { renderBars } from './render-bars.ts';
export { renderCode, type CodeOptions } from './render-code.ts';
export {
  layoutUnitLabel,
  renderLabel,
  sampleLabel,
  unitLabel,
  type LabelOptions,
  type UnitLabel,
} from './render-label.ts';
export { writeCodeFile, writeLabelFile } from './write-label-file.ts';
export { fillPayload } from './fill-payload.ts';
export { labelValues, type LabelValuesOptions } from './label-values.ts';
export { type NamedTemplate, requireTemplate } from './named-template.ts';
export { countersOf, labelOfStep, type RecipeWithFiles } from './recipe-label.ts';
export {
  LabelLibrary,
  LabelTemplates,
  type StoredTemplate,
  templateOf,
  type TemplateUse,
} from './label-library.ts';
export { runLabel, type RunLabelOptions } from './run-label.ts';
export { checkTemplate, readTemplate, type TemplateIssue } from './templates/index.ts';
export { codeHandlers, labelTemplateHandlers } from './handlers.ts';
