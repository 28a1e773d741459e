import { openRecord, sealedKeyId, sealRecord } from '#shared/codec/sealed.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { Random } from '../../core/platform/index.ts';
import type { ReadableKeyRing } from './key-ring.ts';
import { createNodeAead } from './node-aead.ts';
import { createNonces } from './nonces.ts';

/**
 * Seals secrets for the disk and opens them during their use. A sealed secret belongs to an owner: the sealed DeviceSecret of
 * one DeviceName does not open for another.
 */
export interface Vault {
  seal(secret: string, owner: string): Uint8Array;
  /** Like `seal`, for bytes; the caller wipes them. */
  sealBytes(secret: Uint8Array, owner: string): Uint8Array;
  /**
   * Opens a secret as text during `use`. Its bytes are wiped afterwards; a string cannot be wiped.
   * Faults: `secret-unreadable`.
   */
  reveal<T>(sealed: Uint8Array, owner: string, use: (secret: string) => T): T;
  /** Like `reveal`, for bytes; `use` must not store them. */
  revealBytes<T>(sealed: Uint8Array, owner: string, use: (secret: Uint8Array) => T): T;
}

/** The owner of a triple's secret. */
export function ownerOf(name: IdentityName): string {
  return `triple/${name.productId}/${name.deviceName}`;
}

export function createVault(ring: ReadableKeyRing, random: Random): Vault {
  const aead = createNodeAead();
  const nextNonce = createNonces(random);
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
