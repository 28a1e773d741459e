/** The Bluetooth side that a device family may have: document 003's light, battery and device information. */
export type { BluetoothModel } from './bluetooth-side.ts';
export { Bulb } from './bulb.ts';
export { withBluetooth } from './with-bluetooth.ts';
