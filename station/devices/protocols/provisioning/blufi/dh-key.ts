import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A group of Diffie-Hellman: a prime, high byte first, and a generator. */
export interface DhGroup {
  readonly prime: Uint8Array;
  readonly generator: number;
}

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const SEQUENCE = 0x30;
/** dhKeyAgreement. Source: PKCS #3. */
const OBJECT_IDENTIFIER = Buffer.from('06092a864886f70d010301', 'hex');

/*
 * Keys go through their DER forms: `createDiffieHellman` of Node tests the prime first, which takes seconds for 3072 bits.
 * Source of the forms: RFC 5280 4.1.2.7 (SubjectPublicKeyInfo), RFC 5208 (PrivateKeyInfo), PKCS #3 (parameters).
 */

export function generateDhKey({ prime, generator }: DhGroup): KeyObject {
  // The types of Node do not have this kind of key.
  const generate = generateKeyPairSync as unknown as (
    type: 'dh',
    options: { readonly prime: Buffer; readonly generator: number },
  ) => { readonly privateKey: KeyObject };
  return generate('dh', { prime: Buffer.from(prime), generator }).privateKey;
}

/** @param value high byte first */
export function importDhPrivateKey(group: DhGroup, value: Uint8Array): KeyObject {
  const key = sequence(integer(Uint8Array.of(0)), algorithm(group), encode(OCTET_STRING, integer(value)));
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** Errors: those of OpenSSL for a value that is no element of the group; some are only found when the key is used. */
export function importDhPublicKey(group: DhGroup, value: Uint8Array): KeyObject {
  const bits = Buffer.concat([Uint8Array.of(0), integer(value)]);
  const key = sequence(algorithm(group), encode(BIT_STRING, bits));
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

/** The public value of a key, high byte first, as long as the prime. */
export function publicValueOf(key: KeyObject, { prime }: DhGroup): Uint8Array {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const der = publicKey.export({ format: 'der', type: 'spki' });
  const info = contentOf(der);
  const bits = contentOf(info.subarray(sizeOf(info)));
  const value = contentOf(bits.subarray(1));
  const padded = new Uint8Array(prime.length);
  const digits = value.subarray(Math.max(0, value.length - prime.length));
  padded.set(digits, prime.length - digits.length);
  return padded;
}

function algorithm({ prime, generator }: DhGroup): Buffer {
  return sequence(OBJECT_IDENTIFIER, sequence(integer(prime), integer(Uint8Array.of(generator))));
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return encode(SEQUENCE, Buffer.concat(parts));
}

/** A positive number in its shortest form. */
function integer(value: Uint8Array): Buffer {
  const first = value.findIndex((byte) => byte !== 0);
  const digits = value.subarray(first === -1 ? value.length - 1 : first);
  const isNegative = ((digits[0] ?? 0) & 0x80) !== 0;
  return encode(INTEGER, isNegative ? Buffer.concat([Uint8Array.of(0), digits]) : digits);
}

function encode(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length <= 0xff ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...size), content]);
}

/** Size of the header of a DER value, and of its content. */
function measure(der: Uint8Array): { readonly header: number; readonly content: number } {
  const first = der[1] ?? 0;
  if (first < 0x80) return { header: 2, content: first };
  const count = first & 0x7f;
  const content = der.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  return { header: 2 + count, content };
}

function contentOf(der: Uint8Array): Uint8Array {
  const { header, content } = measure(der);
  return der.subarray(header, header + content);
}

function sizeOf(der: Uint8Array): number {
  const { header, content } = measure(der);
  return header + content;
}
