/**
 * Codes and labels as files: what a unit carries for scanners and people, and what a camera is shown to join a
 * network. It draws texts that `shared/codec/qr` made; printing them is a driver's business.
 */
export type { DrawingFormat } from './drawing.ts';
export { createFontBook, type FontBook } from './fonts/font-book.ts';
export type { ErrorLevel, Symbology } from './modules.ts';
export { renderCode, type CodeOptions } from './render-code.ts';
export { drawLabel, renderLabel, unitLabel, type LabelOptions, type UnitLabel } from './render-label.ts';
export { writeCodeFile, writeLabelFile } from './write-label-file.ts';
export { runLabel } from './run-label.ts';
export { codeHandlers } from './handlers.ts';
