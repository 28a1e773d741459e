/** Ways of giving a unit a network and a token over Bluetooth. */
export type { BleLink, ProvisioningReport } from './ble-provisioning.ts';
export { BLE_PROVISIONING } from './methods.ts';
