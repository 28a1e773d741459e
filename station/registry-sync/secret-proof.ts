import { createHmac } from 'node:crypto';
import type { IdentityName } from '#shared/domain/triple.ts';
import { secretProofText } from '#shared/registry-api/index.ts';
import { ownerOf, type Vault } from '../identity/index.ts';
import type { RegistryEvent } from './client/index.ts';
import type { WritableDatabase } from '../core/database/index.ts';

/**
 * Adds to an event about a triple the proof that this station has its secret: the registry may have leased it to nobody
 * (an imported one), or have forgotten the lease with a backup that was put back, and would not believe anyone else.
 * Made when it is sent, so that nothing of it is kept. Any other event, and one whose secret cannot be opened, stays as
 * it is: the registry says what it lacks.
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

/** Shows that this station has the secret of a triple, for one message of it; undefined where it cannot be opened. */
export function proveSecret(
  database: WritableDatabase,
  vault: Vault,
  what: { readonly station: string; readonly key: string; readonly identity: IdentityName },
): string | undefined {
  const { station, key, identity } = what;
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

/** A row was not parsed by the contract: what it lacks is undefined. */
function identityOf(event: RegistryEvent): IdentityName | null {
  const payload: unknown = event.payload;
  if (typeof payload !== 'object' || payload === null) return null;
  const named: unknown = event.kind === 'identity.retired' ? payload : Reflect.get(payload, 'identity');
  if (typeof named !== 'object' || named === null) return null;
  const { productId, deviceName } = named as Partial<IdentityName>;
  return typeof productId === 'string' && typeof deviceName === 'string' ? { productId, deviceName } : null;
}
