/**
 * A simulated radio medium with Bluetooth LE controllers. It connects a real central (noble) with real peripherals
 * (bleno) without hardware, in one process or over a serial port.
 */
export { type AdvertisedContent, advertisingData, nameScanResponse } from './advertising-data.ts';
export { openHciPort, type HciPort } from './hci-port.ts';
export type { RadioModel } from './radio-model.ts';
export { startPeripheral, type GattService, type Peripheral } from './peripheral.ts';
export { RadioMedium } from './radio-medium.ts';
export { VirtualController } from './virtual-controller.ts';
export { installVirtualDriver, VIRTUAL_DRIVER } from './virtual-hci-socket.ts';
