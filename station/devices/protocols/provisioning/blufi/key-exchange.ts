import { diffieHellman, type KeyObject } from 'node:crypto';
import { type BlufiCipher, createCipherV1, createCipherV2 } from './cipher.ts';
import {
  type DhGroup,
  generateDhKey,
  importDhPrivateKey,
  importDhPublicKey,
  publicValueOf,
} from './dh-key.ts';

/** `v1`: DH of 1024 bits and AES-128-CFB. `v2`: ffdhe3072 and AES-256-CTR, units of version 1.4 and later. */
export type BlufiSecurity = 'v1' | 'v2';

/** The prime of Espressif's phone apps; it is no safe prime. Source: EspBlufiForAndroid, ESP-IDF example. */
const PRIME_V1 =
  'cf5cf5c38419a724957ff5dd323b9c45c3cdd261eb740f69aa94b8bb1a5c9640' +
  '9153bd76b24222d03274e4725a5406092e9e82e9135c643cae98132b0d95f7d6' +
  '5347c68afc1e677da90e51bbab5f5cf429c291b4ba39c6b2dc5e8c7231e46aa7' +
  '728e87664532cdf547be20c9a3fa8342be6e34371a27c06f7dc0edddd2f86373';

/** ffdhe3072. Source: RFC 7919, appendix A.2. */
const PRIME_V2 =
  'ffffffffffffffffadf85458a2bb4a9aafdc5620273d3cf1d8b9c583ce2d3695' +
  'a9e13641146433fbcc939dce249b3ef97d2fe363630c75d8f681b202aec4617a' +
  'd3df1ed5d5fd65612433f51f5f066ed0856365553ded1af3b557135e7f57c935' +
  '984f0c70e0e68b77e2a689daf3efe8721df158a136ade73530acca4f483a797a' +
  'bc0ab182b324fb61d108a94bb2c8e3fbb96adab760d7f4681d4f42a3de394df4' +
  'ae56ede76372bb190b07a7c8ee0a6d709e02fce1cdf7e2ecc03404cd28342f61' +
  '9172fe9ce98583ff8e4f1232eef28183c3fe3b1b4c6fad733bb5fcbc2ec22005' +
  'c58ef1837d1683b2c6f34a26c1b2effa886b4238611fcfdcde355b3b6519035b' +
  'bc34f4def99c023861b46fc9d6e6c9077ad91d2691f7f7ee598cb0fac186d91c' +
  'aefe130985139270b4130c93bc437944f4fd4452e2d74dd364f2e21e71f54bff' +
  '5cae82ab9c9df69ee86d2bc522363a0dabc521979b0deada1dbf9a42d5c4484e' +
  '0abcd06bfa53ddef3c1b20ee3fd59d7c25e41d2b66c62e37ffffffffffffffff';

const GENERATOR = 2;
/** The first content of a negotiation tells the length of the second without its type. */
const TOTAL_LENGTH = 0x00;
const PARAMETERS = 0x01;

export interface KeyExchange {
  /** The contents of the two messages of the phone, in order. */
  readonly messages: readonly [Uint8Array, Uint8Array];
  /** The cipher of the session; null for a public value that is not of the group. */
  agree(publicValue: Uint8Array): BlufiCipher | null;
}

/** The group of a security mode; tests compare it with another source of the same group. */
export function blufiGroup(security: BlufiSecurity): DhGroup {
  return { prime: Buffer.from(security === 'v1' ? PRIME_V1 : PRIME_V2, 'hex'), generator: GENERATOR };
}

/**
 * Begins a key exchange: `00 length`, then `01 length P length G length public value`, lengths of two bytes with the high byte
 * first, the public value as long as P. Source: ESP-IDF, examples/bluetooth/blufi/main/blufi_security.c.
 *
 * @param privateValue of the phone; a new one by default, which is no input of a run and is never written down
 */
export function beginKeyExchange(security: BlufiSecurity, privateValue?: Uint8Array): KeyExchange {
  const group = blufiGroup(security);
  const key = privateValue === undefined ? generateDhKey(group) : importDhPrivateKey(group, privateValue);
  const parts = [group.prime, Uint8Array.of(GENERATOR), publicValueOf(key, group)].map(withLength);
  const parameters = Buffer.concat(parts);
  return {
    messages: [
      Buffer.concat([Uint8Array.of(TOTAL_LENGTH), lengthOf(parameters)]),
      Buffer.concat([Uint8Array.of(PARAMETERS), parameters]),
    ],
    agree: (publicValue) => agree(security, key, publicValue),
  };
}

function agree(security: BlufiSecurity, privateKey: KeyObject, publicValue: Uint8Array): BlufiCipher | null {
  const group = blufiGroup(security);
  if (publicValue.length > group.prime.length) return null;
  let secret: Uint8Array;
  try {
    secret = diffieHellman({ privateKey, publicKey: importDhPublicKey(group, publicValue) });
  } catch {
    // OpenSSL refuses values that are not between 2 and the prime minus 2, or not in the subgroup.
    return null;
  }
  return security === 'v1' ? createCipherV1(withoutLeadingZeros(secret)) : createCipherV2(secret);
}

function withLength(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([lengthOf(bytes), bytes]);
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  return Uint8Array.of(length >> 8, length & 0xff);
}

function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(first === -1 ? bytes.length : first);
}
