/**
 * The virtual air: Bluetooth LE controllers that hear each other, so that a real central (noble) and real peripherals
 * (bleno) meet without hardware, in one process or over a serial port.
 */
export { advertisingData, nameScanResponse } from './advertising-data.ts';
export { openAirPort, type AirPort } from './hci-serial-port.ts';
export type { Antenna } from './radio-model.ts';
export { H4Parser } from './h4-parser.ts';
export { startPeripheral, type GattService, type Peripheral } from './peripheral.ts';
export { VirtualAir } from './radio-medium.ts';
export { VirtualController } from './virtual-controller.ts';
export { installVirtualDriver, VIRTUAL_DRIVER } from './virtual-hci-socket.ts';
