import { createHmac } from 'node:crypto';
import type { IdentityName } from '#shared/domain/triple.ts';
import { secretProofText } from '#shared/registry-api/index.ts';
import { ownerOf, type Vault } from './vault/vault.ts';
import type { RegistryEvent } from '../registry-sync/client/index.ts';
import type { WritableDatabase } from '../core/database/index.ts';

/**
 * Adds to an event about a triple the proof that this station has its secret. The registry needs it for a triple that was
 * imported instead of leased, and for a lease that a restored registry does not know. The proof is made when the event is
 * sent and is not stored. An event without a triple, or whose secret cannot be opened, is returned unchanged.
 */
export function withSecretProof(
  database: WritableDatabase,
  vault: Vault,
  station: string,
): (event: RegistryEvent) => RegistryEvent {
  return (event) => {
    const identity = identityOf(event);
    if (identity === null) return event;
    const secretProof = proveSecret(database, vault, { station, key: event.key, identity });
    return secretProof === undefined ? event : { ...event, secretProof };
  };
}

/** The proof, for one message, that this station has the secret of a triple; undefined when it cannot be opened. */
export function proveSecret(
  database: WritableDatabase,
  vault: Vault,
  message: { readonly station: string; readonly key: string; readonly identity: IdentityName },
): string | undefined {
  const { station, key, identity } = message;
  const triple = database.triples.findByName(identity.productId, identity.deviceName);
  if (triple === null) return undefined;
  try {
    return vault.reveal(triple.secret, ownerOf(triple), (secret) =>
      createHmac('sha256', secret)
        .update(secretProofText(station, key, identity))
        .digest('hex'),
    );
  } catch {
    return undefined;
  }
}

/** The payload comes from the database without being parsed: a missing member is undefined. */
function identityOf(event: RegistryEvent): IdentityName | null {
  const payload: unknown = event.payload;
  if (typeof payload !== 'object' || payload === null) return null;
  const identity: unknown = event.kind === 'identity.retired' ? payload : Reflect.get(payload, 'identity');
  if (typeof identity !== 'object' || identity === null) return null;
  const { productId, deviceName } = identity as Partial<IdentityName>;
  return typeof productId === 'string' && typeof deviceName === 'string' ? { productId, deviceName } : null;
}
