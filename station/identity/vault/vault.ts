import { openRecord, sealedKeyId, sealRecord } from '#shared/codec/sealed.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { Random } from '../../core/platform/index.ts';
import type { ReadableKeyRing } from './key-ring.ts';
import { createNodeAead } from './node-aead.ts';
import { createNonces } from './nonces.ts';

/**
 * Keeps secrets sealed on disk and open only while they are used. Each is bound to what it belongs to: a sealed
 * DeviceSecret copied to another DeviceName does not open.
 */
export interface Vault {
  seal(secret: string, owner: string): Uint8Array;
  /** The same for a secret that need not become a string; the caller wipes it. */
  sealBytes(secret: Uint8Array, owner: string): Uint8Array;
  /**
   * Opens a secret for the length of `use`; its bytes are wiped after. The string is V8's to forget, so this is for
   * what is used as text now. Faults: `secret-unreadable`.
   */
  reveal<T>(sealed: Uint8Array, owner: string, use: (secret: string) => T): T;
  /** The same without a string. `use` keeps no hold of the bytes. */
  revealBytes<T>(sealed: Uint8Array, owner: string, use: (secret: Uint8Array) => T): T;
}

/** Who a triple's sealed secret belongs to. */
export function ownerOf(name: IdentityName): string {
  return `triple/${name.productId}/${name.deviceName}`;
}

export function createVault(ring: ReadableKeyRing, random: Random): Vault {
  const aead = createNodeAead();
  const nextNonce = createNonces((count) => random.bytes(count));
  const vault: Vault = {
    seal(secret, owner) {
      const plain = Buffer.from(secret);
      try {
        return vault.sealBytes(plain, owner);
      } finally {
        plain.fill(0);
      }
    },
    sealBytes(secret, owner) {
      const keyId = ring.current;
      return sealRecord(ring.key(keyId), keyId, nextNonce(), secret, Buffer.from(owner), aead);
    },
    reveal: (sealed, owner, use) =>
      vault.revealBytes(sealed, owner, (plain) => use(new TextDecoder().decode(plain))),
    revealBytes(sealed, owner, use) {
      const plain = openRecord(ring.key(sealedKeyId(sealed)), sealed, Buffer.from(owner), aead);
      try {
        return use(plain);
      } finally {
        plain.fill(0);
      }
    },
  };
  return vault;
}
