/** BluFi, Espressif's provisioning over Bluetooth, and Tencent's two older dialects of it. */
export { blufiProvisioning } from './provision-blufi.ts';
export { TENCENT_COMBO, TENCENT_LLSYNC7, tencentProvisioning } from './provision-dialect.ts';
