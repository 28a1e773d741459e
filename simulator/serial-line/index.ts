/** The serial line between unit and station: ports, pacing and noise. */
export { SerialLine } from './serial-line.ts';
export type { SerialLineOptions } from './serial-line.ts';
export { BaudRatePacer } from './baud-rate-pacer.ts';
export { misread, noise } from './noise.ts';
export { ptyPortFactory } from './port.ts';
export type { ControlLines, PortFactory, Port } from './port.ts';
export { openTcpPortFactory } from './tcp-port-factory.ts';
export type { TcpKind } from './tcp-port-factory.ts';
