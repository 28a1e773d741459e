import { createHmac, timingSafeEqual } from 'node:crypto';
import { secretProofText } from '#shared/registry-api/index.ts';
import type { DeviceFacts } from '../store/index.ts';
import type { EventContext } from './event-context.ts';

/** Does the event show that its station has the secret of a triple that was leased to nobody? */
export function provesSecret(
  { store, vault, station }: EventContext,
  event: { readonly key: string; readonly secretProof?: string | undefined },
  device: DeviceFacts,
): boolean {
  if (event.secretProof === undefined) return false;
  const { id, productId, deviceName } = device;
  const secret = vault.open(productId, deviceName, store.devices.sealedSecret(id));
  const right = createHmac('sha256', secret)
    .update(secretProofText(station, event.key, { productId, deviceName }))
    .digest();
  return timingSafeEqual(right, Buffer.from(event.secretProof, 'hex'));
}
