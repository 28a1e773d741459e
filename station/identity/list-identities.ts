import { sha256Hex } from '#node-kit/crypto/index.ts';
import type { IdentityState } from '#shared/domain/identity.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { ReadableDatabase } from '../core/database/index.ts';
import { ownerOf, type Vault } from './vault/vault.ts';

/** A triple that is bound to a unit. `secretSha256`: hex, over the secret's text as a device stores it. */
export interface IdentityRecord extends IdentityName {
  readonly chipId: string;
  readonly state: IdentityState;
  readonly secretSha256: string;
}

export function listIdentities(database: ReadableDatabase, vault: Vault): IdentityRecord[] {
  return database.triples.listWithUnit().map((row) => ({
    chipId: row.chipId,
    productId: row.productId,
    deviceName: row.deviceName,
    state: row.state,
    secretSha256: vault.reveal(row.secret, ownerOf(row), (secret) => sha256Hex(secret)),
  }));
}
