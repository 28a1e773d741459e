import { Fault } from '#shared/domain/fault.ts';
import type { Store } from '../store/index.ts';

/** A new device of the pool. Faults: `identity-conflict` when another device would log in under the same name. */
export function insertDevice(
  store: Store,
  productId: string,
  deviceName: string,
  sealedSecret: Uint8Array,
  nowMs: number,
): void {
  const twin = store.devices.factsByClientId(productId + deviceName);
  if (twin !== null) {
    throw new Fault(
      'identity-conflict',
      `${productId}/${deviceName} and ${twin.productId}/${twin.deviceName} would have the same MQTT login`,
      { hint: 'Rename the new device. Nothing was added.', details: { productId, deviceName } },
    );
  }
  store.devices.insert(productId, deviceName, sealedSecret, nowMs);
}
