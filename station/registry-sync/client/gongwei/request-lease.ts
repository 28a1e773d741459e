import { isTaken, takeStrings } from '#shared/codec/take-strings.ts';
import { type LeaseReply, type LeaseRequest, leaseReply, REGISTRY_PATH } from '#shared/registry-api/index.ts';
import type { LeasedBlock } from '../registry-client.ts';
import { foreign } from './faults.ts';
import { callWithSecrets, type Endpoint } from './request.ts';

/**
 * A block of triples, its secrets as bytes that were never a string. Faults: those of `RegistryClient.lease`.
 */
export async function requestLease(
  endpoint: Endpoint,
  body: LeaseRequest,
  signal: AbortSignal,
): Promise<LeasedBlock> {
  let secrets: Uint8Array[] = [];
  const wipe = (): void => {
    for (const secret of secrets) secret.fill(0);
  };
  const call = { method: 'POST', path: REGISTRY_PATH.leases, body, reply: leaseReply, signal } as const;
  try {
    const reply = await callWithSecrets(endpoint, call, (bytes) => {
      secrets = takeStrings(bytes, 'deviceSecret');
    });
    return { ...blockOf(reply, secrets, endpoint.place), [Symbol.dispose]: wipe };
  } catch (error) {
    wipe();
    throw error;
  }
}

/** A secret that was not taken is a string by now, of a kind that no secret is. */
function blockOf(
  { leaseId, productId, triples }: LeaseReply,
  secrets: readonly Uint8Array[],
  place: string,
): Omit<LeasedBlock, typeof Symbol.dispose> {
  const matched = triples.map(({ deviceName, deviceSecret }, n) => {
    const secret = secrets[n];
    if (secret === undefined || !isTaken(deviceSecret))
      throw foreign(place, `triples.${n}.deviceSecret is not as agreed`);
    return { deviceName, deviceSecret: secret };
  });
  if (secrets.length !== triples.length) throw foreign(place, 'it has secrets beside its triples');
  return { leaseId, productId, triples: matched };
}
