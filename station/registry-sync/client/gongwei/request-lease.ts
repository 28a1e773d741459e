import { isExtracted, extractStrings } from '#shared/codec/extract-strings.ts';
import { type LeaseReply, type LeaseRequest, leaseReply, REGISTRY_PATH } from '#shared/registry-api/index.ts';
import type { LeasedBlock } from '../registry-client.ts';
import { unexpectedReply } from './faults.ts';
import { callWithSecrets, type Endpoint } from './request.ts';

/** Leases a block of triples; the secrets are bytes and never were a string. Faults: those of `RegistryClient.lease`. */
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
      secrets = extractStrings(bytes, 'deviceSecret');
    });
    return { ...blockOf(reply, secrets, endpoint.address), [Symbol.dispose]: wipe };
  } catch (error) {
    wipe();
    throw error;
  }
}

/** A `deviceSecret` that was not extracted is still a string, and then the reply is refused. */
function blockOf(
  { leaseId, productId, triples }: LeaseReply,
  secrets: readonly Uint8Array[],
  address: string,
): Omit<LeasedBlock, typeof Symbol.dispose> {
  const matched = triples.map(({ deviceName, deviceSecret }, n) => {
    const secret = secrets[n];
    if (secret === undefined || !isExtracted(deviceSecret))
      throw unexpectedReply(address, `triples.${n}.deviceSecret is not as agreed`);
    return { deviceName, deviceSecret: secret };
  });
  if (secrets.length !== triples.length)
    throw unexpectedReply(address, 'it contains secrets outside of its triples');
  return { leaseId, productId, triples: matched };
}
