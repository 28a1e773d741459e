/**
 * Codes and labels as files: what a unit carries for scanners and people, and what a camera is shown to join a
 * network. It draws texts that `shared/codec/qr` made; printing them is a driver's business.
 */
export type { DrawingFormat } from './drawing.ts';
export { createFontBook, type FontBook } from './fonts/fontBook.ts';
export type { ErrorLevel, Symbology } from './modules.ts';
export { renderCode, type CodeOptions } from './renderCode.ts';
export { renderLabel, unitLabel, type LabelOptions, type UnitLabel } from './renderLabel.ts';
export { writeCodeFile, writeLabelFile } from './writeLabelFile.ts';
export { runLabel } from './run-label.ts';
