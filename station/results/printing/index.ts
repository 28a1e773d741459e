/**
 * The label printer of a station: how it is reached, what it says about itself, and printing. A label comes as bytes in
 * the printer's language.
 */
export { judgeLabel, type LabelVerdict, oldLabelOf } from './judge-label.ts';
export { oldLabelFault, problemWords, verdictWords } from './label-words.ts';
export { LabelPrints, type LabelPrintsOptions, type PrintOrder } from './label-prints.ts';
export { labelHandlers, printerHandlers, toLabelPrintView } from './handlers.ts';
export { type Printer, StationPrinter } from './printer.ts';
export { createPrinting } from './create-printing.ts';
export { PrinterSettings, readPrinterSetting } from './settings.ts';
