import type { BleProvisioningMethod } from '#shared/recipe/index.ts';
import type { BleProvisioning } from './ble-provisioning.ts';
import { llsyncProvisioning } from './llsync/index.ts';

/** The methods of the verb `provision-ble`. */
export const BLE_PROVISIONING: { readonly [Method in BleProvisioningMethod]: BleProvisioning } = {
  llsync: llsyncProvisioning,
};
