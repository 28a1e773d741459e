/**
 * Draws codes and labels as files: the label of a unit, and the Wi-Fi code that a camera scans. The payloads come from
 * `shared/codec/qr`.
 */
export type { DrawingFormat } from './drawing.ts';
export { createFontBook, type FontBook } from './fonts/font-book.ts';
export { encodeModules, type ErrorLevel, type ModuleMatrix, type Symbology } from './modules.ts';
export { traceOutline } from './outline.ts';
export { renderBars } from './render-bars.ts';
export { renderCode, type CodeOptions } from './render-code.ts';
export {
  layoutUnitLabel,
  renderLabel,
  unitLabel,
  type LabelOptions,
  type UnitLabel,
} from './render-label.ts';
export { writeCodeFile, writeLabelFile } from './write-label-file.ts';
export { runLabel } from './run-label.ts';
export { codeHandlers } from './handlers.ts';
