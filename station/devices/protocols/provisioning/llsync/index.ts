/** LLSync, Tencent's protocol over Bluetooth LE: messages, provisioning, and the data service. */
export { type LlsyncAdvertisement, readAdvertisement } from './advertisement.ts';
export { deviceIdOf, authenticationCode } from './authentication.ts';
export { updateFirmware } from './firmware-update.ts';
export { LlsyncDevice } from './llsync-device.ts';
export type { LlsyncKeys } from './llsync-keys.ts';
export { llsyncProvisioning } from './provision.ts';
export type { LlsyncValue } from './values.ts';
