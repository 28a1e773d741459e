import { gcm } from '@noble/ciphers/aes.js';
import { Fault } from '../domain/fault.ts';

/**
 * A secret sealed for storage: AES-256-GCM with a nonce per record, bound to its owner by `aad`.
 *
 * Layout: version (1 byte, 1) · keyId (4 bytes, big endian) · nonce (12) · ciphertext · tag (16). Version and keyId
 * are authenticated together with `aad`, so that a record can neither be moved to another owner nor claim another key. The
 * caller chooses the key, so that keys can be rotated record by record.
 * Source: NIST SP 800-38D (96-bit nonce, 128-bit tag).
 */
const VERSION = 1;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 5;
const OVERHEAD_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;

/** AES-256-GCM: 32-byte key, 12-byte nonce; the sealed bytes end with the 16-byte tag. `open` throws on any mismatch. */
export interface Aead {
  seal(key32: Uint8Array, nonce12: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array;
  open(key32: Uint8Array, nonce12: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array;
}

/** In TypeScript, about 100 µs a record; a host may pass a native one with the same layout. */
const PURE_AEAD: Aead = {
  seal: (key32, nonce12, plaintext, aad) => gcm(key32, nonce12, aad).encrypt(plaintext),
  open: (key32, nonce12, sealed, aad) => gcm(key32, nonce12, aad).decrypt(sealed),
};

/**
 * Seals `plaintext`. The nonce must never be used twice with one key: give 12 fresh random bytes.
 * Faults: `internal` when key, keyId or nonce have the wrong size (a mistake of the caller).
 */
export function sealRecord(
  key32: Uint8Array,
  keyId: number,
  nonce12: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
  aead: Aead = PURE_AEAD,
): Uint8Array {
  if (key32.length !== KEY_BYTES) throw new Fault('internal', 'a sealing key has 32 bytes');
  if (nonce12.length !== NONCE_BYTES) throw new Fault('internal', 'a sealing nonce has 12 bytes');
  if (!Number.isInteger(keyId) || keyId < 0 || keyId > 0xffff_ffff) {
    throw new Fault('internal', 'a key id is an unsigned 32-bit number');
  }
  const header = headerOf(keyId);
  const sealed = aead.seal(key32, nonce12, plaintext, concat(header, aad));
  return concat(header, nonce12, sealed);
}

/**
 * Opens what `sealRecord` made. Faults: `secret-unreadable` when the record is torn, altered, of an unknown version,
 * sealed with another key, or belongs to another `aad`; the fault does not reveal which.
 */
export function openRecord(
  key32: Uint8Array,
  record: Uint8Array,
  aad: Uint8Array,
  aead: Aead = PURE_AEAD,
): Uint8Array {
  const keyId = sealedKeyId(record);
  const nonce = record.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  try {
    return aead.open(key32, nonce, record.subarray(HEADER_BYTES + NONCE_BYTES), concat(headerOf(keyId), aad));
  } catch {
    throw unreadable('the sealed record does not open with this key');
  }
}

/** The id of the key a record was sealed with. Faults: `secret-unreadable` when it is not a sealed record. */
export function sealedKeyId(record: Uint8Array): number {
  if (record.length < OVERHEAD_BYTES) throw unreadable('the sealed record is too short');
  if (record[0] !== VERSION) throw unreadable('the sealed record has an unknown version');
  return new DataView(record.buffer, record.byteOffset, HEADER_BYTES).getUint32(1);
}

function headerOf(keyId: number): Uint8Array {
  return Uint8Array.of(VERSION, keyId >>> 24, keyId >>> 16, keyId >>> 8, keyId);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let offset = 0;
  for (const part of parts) offset += part.length;
  const whole = new Uint8Array(offset);
  offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function unreadable(message: string): Fault {
  return new Fault('secret-unreadable', message, {
    hint: 'Restore the key file that belongs to this data directory, or the last backup.',
  });
}
