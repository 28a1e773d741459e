/** The line between a unit and the station: what a station opens, its speed, and what it does to bytes. */
export { SerialLine } from './serial-line.ts';
export type { SerialLineOptions } from './serial-line.ts';
export { LinePacer } from './baud-rate-pacer.ts';
export { misread, noise } from './noise.ts';
export type { Outlet, Port } from './port.ts';
export { ptyOutlet } from './pty-port-factory.ts';
export { openTcpOutlet } from './tcp-port-factory.ts';
