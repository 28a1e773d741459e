import { createCipheriv, createHash } from 'node:crypto';
import type { Random } from '../../platform/index.ts';
import { REPORTED, type SessionKeys } from './frames.ts';

/*
 * Key exchange and encryption of the security examples, over the AES of single blocks. Sources: ESP-IDF,
 * examples/bluetooth/blufi/main/blufi_security.c of versions 5.2 (V1) and 6.0 (V2); RFC 7919 A.2; NIST SP 800-38A.
 */

export type SecurityVersion = 1 | 2;

export type Agreement =
  | { readonly publicValue: Buffer; readonly keys: SessionKeys }
  | { readonly error: number };

const BLOCK = 16;
const PRIVATE_BYTES = 36;
const LONGEST_PARAMETERS = 1024;
const FFDHE3072_BYTES = 384;

/** ffdhe3072 is made of the binary digits of e: 2^3072 − 2^3008 + (⌊2^2942·e⌋ + 2625351)·2^64 − 1. */
export function ffdhe3072(): bigint {
  const digits = 2942n;
  const guard = 64n;
  let term = 1n << (digits + guard);
  let euler = 0n;
  for (let n = 1n; term > 0n; n++) {
    euler += term;
    term /= n;
  }
  return (1n << 3072n) - (1n << 3008n) + (((euler >> guard) + 2625351n) << 64n) - 1n;
}

/**
 * Answers the parameters of a phone: P, G and public value, each with two bytes of length in front. V1 takes the phone's group, V2
 * has its own.
 *
 * @param announced length that the phone has announced; `null` when it has not
 */
export function agreeKeys(
  version: SecurityVersion,
  parameters: Buffer,
  announced: number | null,
  random: Random,
): Agreement {
  if (announced === null || announced === 0 || announced > LONGEST_PARAMETERS)
    return { error: REPORTED.parameters };
  if (parameters.length < announced) return { error: REPORTED.readParameters };
  const [p, g, key] = partsOf(parameters.subarray(0, announced));
  if (p === undefined || g === undefined || key === undefined) return { error: REPORTED.readParameters };
  if (version === 2 && key.length !== FFDHE3072_BYTES) return { error: REPORTED.parameters };
  const prime = version === 2 ? ffdhe3072() : numberOf(p);
  const base = version === 2 ? 2n : numberOf(g);
  const phoneValue = numberOf(key);
  if (prime < 3n || phoneValue < 2n || phoneValue > prime - 2n) return { error: REPORTED.readParameters };
  const privateValue = numberOf(
    Buffer.from(Array.from({ length: PRIVATE_BYTES }, () => random.integer(1, 255))),
  );
  const size = version === 2 ? FFDHE3072_BYTES : p.length;
  const secret = bytesOf(power(phoneValue, privateValue, prime), size);
  return {
    publicValue: bytesOf(power(base, privateValue, prime), size),
    keys: version === 2 ? streamKeys(secret) : frameKeys(secret),
  };
}

/** V1: CFB of 128 bits, begun anew with each frame. */
function frameKeys(secret: Buffer): SessionKeys {
  let zeros = 0;
  while (zeros < secret.length && secret[zeros] === 0) zeros++;
  const key = createHash('md5').update(secret.subarray(zeros)).digest();
  const block = blockCipher('aes-128-ecb', key);
  const run = (number: number, body: Buffer, isSending: boolean): Buffer => {
    let feedback: Buffer = Buffer.alloc(BLOCK);
    feedback.writeUInt8(number);
    const out = Buffer.alloc(body.length);
    for (let at = 0; at < body.length; at += BLOCK) {
      const pad = block(feedback);
      const piece = body.subarray(at, at + BLOCK);
      piece.forEach((byte, index) => out.writeUInt8(byte ^ (pad[index] ?? 0), at + index));
      feedback = Buffer.concat([isSending ? out.subarray(at, at + BLOCK) : piece], BLOCK);
    }
    return out;
  };
  return {
    open: (number, body) => run(number, body, false),
    close: (number, body) => run(number, body, true),
  };
}

/** V2: one counter stream for each direction. */
function streamKeys(secret: Buffer): SessionKeys {
  const sha256 = (...parts: readonly (string | Buffer)[]): Buffer =>
    parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
  const block = blockCipher('aes-256-ecb', sha256(secret));
  const stream = (name: string): ((body: Buffer) => Buffer) => {
    let counter = numberOf(sha256(name, secret).subarray(0, BLOCK));
    let pad: Buffer = Buffer.alloc(0);
    return (body) =>
      Buffer.from(
        body.map((byte) => {
          if (pad.length === 0) {
            pad = block(bytesOf(counter, BLOCK));
            counter = (counter + 1n) % (1n << 128n);
          }
          const [first = 0] = pad;
          pad = pad.subarray(1);
          return byte ^ first;
        }),
      );
  };
  const [incoming, outgoing] = [stream('blufi_dec'), stream('blufi_enc')];
  return { open: (_number, body) => incoming(body), close: (_number, body) => outgoing(body) };
}

function blockCipher(name: 'aes-128-ecb' | 'aes-256-ecb', key: Buffer): (block: Buffer) => Buffer {
  const cipher = createCipheriv(name, key, null).setAutoPadding(false);
  return (block) => cipher.update(block);
}

function partsOf(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end > bytes.length) return [];
    parts.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return parts;
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function bytesOf(value: bigint, size: number): Buffer {
  return Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex');
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
