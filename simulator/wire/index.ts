/** The serial line between a unit and the station: its speed, and what it does to bytes. */
export { SerialLine } from './serial-line.ts';
export type { SerialLineOptions } from './serial-line.ts';
export { LinePacer } from './line-pacer.ts';
export { misread, noise } from './noise.ts';
