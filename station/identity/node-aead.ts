import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Aead } from '#shared/codec/sealed.ts';

const ALGORITHM = 'aes-256-gcm';
const TAG_BYTES = 16;

/** Node's own AES-256-GCM: an import of 100,000 triples seals each of them. */
export const nodeAead: Aead = {
  seal(key32, nonce12, plaintext, aad) {
    const cipher = createCipheriv(ALGORITHM, key32, nonce12);
    cipher.setAAD(aad);
    return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  },
  open(key32, nonce12, sealed, aad) {
    const decipher = createDecipheriv(ALGORITHM, key32, nonce12);
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]);
  },
};
