import { createHmac } from 'node:crypto';
import { equalInConstantTime } from '#node-kit/crypto/index.ts';
import { secretProofText } from '#shared/registry-api/index.ts';
import type { DeviceFacts } from '../store/index.ts';
import type { EventContext } from './event-context.ts';

/** True when the event proves that its station has the secret of a triple without a lease. */
export function provesSecret(
  { store, vault, station }: EventContext,
  event: { readonly key: string; readonly secretProof?: string | undefined },
  device: DeviceFacts,
): boolean {
  if (event.secretProof === undefined) return false;
  const { id, productId, deviceName } = device;
  const secret = vault.open(productId, deviceName, store.devices.sealedSecret(id));
  const expected = createHmac('sha256', secret)
    .update(secretProofText(station, event.key, { productId, deviceName }))
    .digest();
  return equalInConstantTime(expected, Buffer.from(event.secretProof, 'hex'));
}
