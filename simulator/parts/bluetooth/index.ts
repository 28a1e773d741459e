/** The Bluetooth peripheral of a device family: the light of document 003 or a service of its own, battery, device information. */
export type { BluetoothLink, BluetoothModel } from './bluetooth-side.ts';
export { Bulb } from './bulb.ts';
export { withBluetooth } from './with-bluetooth.ts';
