import { Fault } from '#shared/domain/fault.ts';
import type { Store } from '../store/index.ts';

export interface NewDevice {
  readonly productId: string;
  readonly deviceName: string;
  readonly sealedSecret: Uint8Array;
  readonly secretDigest: Uint8Array;
}

/** Adds a device to the pool. Faults: `identity-conflict` when another device has the same MQTT login or the same secret. */
export function insertDevice(store: Store, device: NewDevice, nowMs: number): void {
  const { productId, deviceName, sealedSecret, secretDigest } = device;
  requireOwnSecret(store, device);
  const twin = store.devices.factsByClientId(productId + deviceName);
  if (twin !== null) {
    throw new Fault(
      'identity-conflict',
      `${productId}/${deviceName} and ${twin.productId}/${twin.deviceName} would have the same MQTT login`,
      { hint: 'Rename the new device. Nothing was added.', details: { productId, deviceName } },
    );
  }
  store.devices.insert(productId, deviceName, sealedSecret, nowMs, secretDigest);
}

/** Faults: `identity-conflict` when another device has the secret. */
export function requireOwnSecret(
  store: Store,
  { productId, deviceName, secretDigest }: Omit<NewDevice, 'sealedSecret'>,
): void {
  const twin = store.devices.bySecret(secretDigest);
  if (twin === null) return;
  throw new Fault(
    'identity-conflict',
    `the DeviceSecret of ${productId}/${deviceName} is that of ${twin.productId}/${twin.deviceName}`,
    {
      hint: 'Each name needs a secret of its own; compare the list with the console. Nothing was added.',
      details: { productId, deviceName },
    },
  );
}
