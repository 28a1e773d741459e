import type { BleProvisioningMethod } from '#shared/recipe/index.ts';
import type { BleProvisioning } from './ble-provisioning.ts';
import { blufiProvisioning, TENCENT_COMBO, TENCENT_LLSYNC7, tencentProvisioning } from './blufi/index.ts';
import { llsyncProvisioning } from './llsync/index.ts';

/** The methods of the verb `provision-ble`. */
export const BLE_PROVISIONING: { readonly [Method in BleProvisioningMethod]: BleProvisioning } = {
  llsync: llsyncProvisioning,
  blufi: blufiProvisioning('v1'),
  'blufi-v2': blufiProvisioning('v2'),
  'tencent-combo': tencentProvisioning(TENCENT_COMBO),
  'tencent-llsync7': tencentProvisioning(TENCENT_LLSYNC7),
};
