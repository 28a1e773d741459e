/** What a label printer can be set to, and what it can say about itself. */

/** Command languages of label printers: ZPL of Zebra, TSPL of TSC; others understand one of the two. */
export const PRINTER_LANGUAGES = ['zpl', 'tspl'] as const;
export type PrinterLanguage = (typeof PRINTER_LANGUAGES)[number];

/** Dots per inch, by which printers are sold; the heads have 8, 12 and 24 dots per mm. */
export const PRINTER_RESOLUTIONS = [203, 300, 600] as const;
export type PrinterResolution = (typeof PRINTER_RESOLUTIONS)[number];

/** The dots of one millimetre. */
export const DOTS_PER_MM: Readonly<Record<PrinterResolution, number>> = { 203: 8, 300: 12, 600: 24 };

/** Why a printer prints nothing. */
export const PRINTER_PROBLEMS = [
  'head-open',
  'paper-out',
  'ribbon-out',
  'jam',
  'paused',
  'too-hot',
  'too-cold',
  'memory-lost',
  'buffer-full',
  /** Of a queue of the operating system: it takes no jobs, or does not reach its printer. */
  'offline',
  /** The printer does not say which. */
  'other',
] as const;
export type PrinterProblem = (typeof PRINTER_PROBLEMS)[number];

/** Prefix of a place that is a print queue of the operating system. */
const QUEUE = 'queue:';

/** How a printer is reached, as it is written: `tcp://host:9100`, `queue:NAME`, else a port of this computer. */
export function printerQueueOf(place: string): string | null {
  return place.startsWith(QUEUE) ? place.slice(QUEUE.length) : null;
}

export function placeOfQueue(name: string): string {
  return `${QUEUE}${name}`;
}
