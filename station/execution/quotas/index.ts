/** The quotas of Bluetooth units of products: settings that a batch is checked against before it starts. */
export { quotaHandlers } from './handlers.ts';
export { BluetoothQuotas } from './quotas.ts';
