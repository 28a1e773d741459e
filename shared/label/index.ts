/** Templates of labels: their shape, their placeholders, and their check. Pure: no fonts, no printers, no files. */
export { checkLabelTemplate, MAX_PICTURES, textsOf } from './check.ts';
export {
  countersIn,
  fillLabelText,
  type FilledText,
  formatDate,
  type LabelValues,
  type LabelWord,
  type LocalTime,
  measurementsIn,
} from './placeholders.ts';
export { sampleLabelValues } from './sample.ts';
export {
  type ImageElement,
  type LabelElement,
  type LabelElementKind,
  type LabelElementInput,
  type LabelTemplate,
  type LabelTemplateInput,
  type SymbolElement,
  type TextElement,
} from './template.ts';
export { labelText } from './texts.ts';
