/** The Bluetooth peripheral of a device family: the light of document 003, battery and device information. */
export type { BluetoothModel } from './bluetooth-side.ts';
export { Bulb } from './bulb.ts';
export { withBluetooth } from './with-bluetooth.ts';
