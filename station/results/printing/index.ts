/**
 * The label printer of a station: how it is reached, what it says about itself, and printing. A label comes as bytes in
 * the printer's language.
 */
export { printerHandlers } from './handlers.ts';
export { type Printer, StationPrinter } from './printer.ts';
export { PrinterSettings, readPrinterSetting } from './settings.ts';
