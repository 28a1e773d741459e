import { openRecord, sealedKeyId, sealRecord } from '#shared/codec/sealed.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import { createNodeAead } from './node-aead.ts';
import { createNonces } from './nonces.ts';
import type { Platform } from '../platform/index.ts';
import type { Store } from '../store/index.ts';

/**
 * Keeps secrets sealed on disk and open only while they are used. Each is bound to what it belongs to: a sealed
 * DeviceSecret copied to another DeviceName does not open.
 */
export interface Vault {
  seal(secret: string, owner: string): Uint8Array;
  /** Opens a secret for the length of `use`; its bytes are wiped after. Faults: `secret-unreadable`. */
  reveal<T>(sealed: Uint8Array, owner: string, use: (secret: string) => T): T;
}

/** Who a triple's sealed secret belongs to. */
export function ownerOf(name: IdentityName): string {
  return `triple/${name.productId}/${name.deviceName}`;
}

/** Opens the data keys, or makes the first one. Faults: `secret-unreadable` when the host's key is not theirs. */
export async function openVault(store: Store, platform: Platform): Promise<Vault> {
  const keys = new Map<number, Uint8Array>();
  for (const { keyId, wrapped } of store.secretKeys.all())
    keys.set(keyId, await platform.secretBox.unwrap(wrapped));
  if (keys.size === 0) {
    const fresh = platform.random.bytes(32);
    const wrapped = await platform.secretBox.wrap(fresh);
    store.transaction(() => store.secretKeys.add(1, wrapped, platform.clock.nowMs()));
    keys.set(1, fresh);
  }
  const currentId = Math.max(...keys.keys());
  const keyOf = (id: number): Uint8Array => {
    const key = keys.get(id);
    if (key !== undefined) return key;
    throw new Fault(
      'secret-unreadable',
      `a secret is sealed with key ${id}, which this station does not have`,
      {
        hint: 'Restore the last backup together with its key.',
      },
    );
  };
  const aead = createNodeAead();
  const nextNonce = createNonces((count) => platform.random.bytes(count));
  return {
    seal(secret, owner) {
      const plain = Buffer.from(secret);
      try {
        return sealRecord(keyOf(currentId), currentId, nextNonce(), plain, Buffer.from(owner), aead);
      } finally {
        plain.fill(0);
      }
    },
    reveal(sealed, owner, use) {
      const plain = openRecord(keyOf(sealedKeyId(sealed)), sealed, Buffer.from(owner), aead);
      try {
        return use(new TextDecoder().decode(plain));
      } finally {
        plain.fill(0);
      }
    },
  };
}
