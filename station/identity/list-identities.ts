import { createHash } from 'node:crypto';
import type { IdentityState } from '#shared/domain/identity.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { ReadableDatabase } from '../core/database/index.ts';
import { ownerOf, type Vault } from './vault/vault.ts';

/** One bound triple as the station knows it. `secretSha256` is hex over the secret string, as a device's flash keeps it. */
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
    secretSha256: vault.reveal(row.secret, ownerOf(row), (secret) =>
      createHash('sha256').update(secret).digest('hex'),
    ),
  }));
}
