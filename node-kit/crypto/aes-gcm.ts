import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const TAG_BYTES = 16;
const NO_AAD = new Uint8Array();

/**
 * Encrypts with AES-256-GCM (NIST SP 800-38D); returns the ciphertext followed by the tag of 16 bytes.
 *
 * ```ts
 * const nonce = randomBytes(12);
 * const sealed = sealAesGcm(key, nonce, plaintext, Buffer.from('unit 17'));
 * ```
 *
 * @param key 32 bytes, or a key of `createSecretKey`, which halves the time of a short record
 * @param nonce 12 bytes, never used twice with one key
 * @param aad authenticated and not encrypted: identifies the owner of the plaintext
 */
export function sealAesGcm(
  key: Uint8Array | KeyObject,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array = NO_AAD,
): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Decrypts a result of `sealAesGcm`. The caller wipes the plaintext, of which there is no other copy.
 *
 * Errors: that of Node when the key, the nonce, the aad or a byte was changed.
 */
export function openAesGcm(
  key: Uint8Array | KeyObject,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad: Uint8Array = NO_AAD,
): Buffer {
  const tagOffset = Math.max(0, sealed.length - TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(aad)
    .setAuthTag(sealed.subarray(tagOffset));
  // `update` returns the whole plaintext, because GCM is a stream mode.
  const plaintext = decipher.update(sealed.subarray(0, tagOffset));
  try {
    decipher.final();
    return plaintext;
  } catch (error) {
    plaintext.fill(0);
    throw error;
  }
}
