/** Real serial ports, through node-serialport's native bindings. The only importer of `serialport`. */
export { createSerialPorts } from './serial-ports.ts';
export { portsByPlace } from './by-usb-path.ts';
export { listPorts } from './list-ports.ts';
