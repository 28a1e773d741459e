import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** Encrypts the data of frames after a key was agreed. */
export interface BlufiCipher {
  /** @param sequence of the frame */
  encrypt(sequence: number, data: Uint8Array): Uint8Array;
  decrypt(sequence: number, data: Uint8Array): Uint8Array;
}

const BLOCK_BYTES = 16;

/**
 * Security V1: AES-128-CFB128 with the MD5 digest of the shared secret as key. Each frame begins anew with 16 bytes of which the
 * first is its sequence and the others are zero. Source: ESP-IDF, examples/bluetooth/blufi/main/blufi_security.c.
 *
 * @param secret without leading zeros
 */
export function createCipherV1(secret: Uint8Array): BlufiCipher {
  return cipherOfKeyV1(createHash('md5').update(secret).digest());
}

/** @param key 16 bytes */
export function cipherOfKeyV1(key: Uint8Array): BlufiCipher {
  const start = (sequence: number): Uint8Array => Uint8Array.of(sequence, ...new Uint8Array(BLOCK_BYTES - 1));
  return {
    encrypt(sequence, data) {
      const cipher = createCipheriv('aes-128-cfb', key, start(sequence));
      return Buffer.concat([cipher.update(data), cipher.final()]);
    },
    decrypt(sequence, data) {
      const cipher = createDecipheriv('aes-128-cfb', key, start(sequence));
      return Buffer.concat([cipher.update(data), cipher.final()]);
    },
  };
}

/**
 * Security V2: AES-256-CTR with the SHA-256 digest of the shared secret as key, one stream in each direction that goes on from frame
 * to frame. Source: the same file of ESP-IDF 6.
 *
 * @param secret with leading zeros, 384 bytes
 */
export function createCipherV2(secret: Uint8Array): BlufiCipher {
  const key = createHash('sha256').update(secret).digest();
  const counter = (domain: string): Uint8Array =>
    createHash('sha256').update(domain).update(secret).digest().subarray(0, BLOCK_BYTES);
  // The names are those of the unit's view.
  const toUnit = createCipheriv('aes-256-ctr', key, counter('blufi_dec'));
  const fromUnit = createDecipheriv('aes-256-ctr', key, counter('blufi_enc'));
  return {
    encrypt: (_sequence, data) => toUnit.update(data),
    decrypt: (_sequence, data) => fromUnit.update(data),
  };
}
