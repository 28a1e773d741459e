/** A simulated label printer on a TCP port, which speaks ZPL or TSPL, answers about its state, and has faults. */
export { runSimPrinter } from './command.ts';
export type { PrinterFault } from './faults.ts';
export { PRINTER_LANGUAGES, startSimPrinter } from './printer.ts';
export type { PrinterEvent, PrinterLanguageName, SimPrinter } from './printer.ts';
