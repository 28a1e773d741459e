/** Real serial ports, through node-serialport's native bindings. The only importer of `serialport`. */
export { createSerialPorts } from './serial-ports.ts';
export { portsByUsbSocket } from './by-usb-path.ts';
export { listPorts } from './list-ports.ts';
