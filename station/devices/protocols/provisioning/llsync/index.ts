/** LLSync, Tencent's protocol over Bluetooth LE: messages, provisioning, and the data service. */
export { type LlsyncAdvertisement, readAdvertisement } from './advertisement.ts';
export { llsyncProvisioning } from './provision.ts';
export { LLSYNC_SERVICES, llsyncUuid } from './uuids.ts';
