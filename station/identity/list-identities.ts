import { sha256Hex } from '#node-kit/crypto/index.ts';
import type { IdentityState } from '#shared/domain/identity.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { Store } from '../core/database/index.ts';
import { ownerOf, type Vault } from './vault/vault.ts';

/** One bound triple as the station knows it. `secretSha256` is hex over the secret string, as a device's flash keeps it. */
export interface IdentityRecord extends IdentityName {
  readonly chipId: string;
  readonly state: IdentityState;
  readonly secretSha256: string;
}

export function listIdentities(store: Store, vault: Vault): IdentityRecord[] {
  return store.triples.bound().map((row) => ({
    chipId: row.chipId,
    productId: row.productId,
    deviceName: row.deviceName,
    state: row.state,
    secretSha256: vault.reveal(row.secret, ownerOf(row), (secret) => sha256Hex(secret)),
  }));
}
