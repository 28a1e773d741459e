import { bcc } from './bcc.ts';

/**
 * The properties of a secret that may be stored, so that a substitute can be generated: alphabet, length, and the check byte
 * that a device publishes itself (see `bcc`).
 */
export interface SecretShape {
  readonly alphabet: 'base64' | 'hex' | 'HEX' | 'text';
  readonly length: number;
  /** Number of `=` at its end. */
  readonly padding: number;
  /** True when decoding and encoding gives the same text. */
  readonly canonical: boolean;
  readonly bcc: number;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const LETTERS = {
  base64: BASE64,
  hex: '0123456789abcdef',
  HEX: '0123456789ABCDEF',
  text: BASE64.slice(0, 62),
} as const;
/** One in 128 has the check byte, and one of 16 of those is canonical. */
const MAX_TRIES = 100_000;
const RANDOM_BYTES = 4093;
/** Number of last characters that are varied to meet the check byte. */
const FREE_CHARACTERS = 6;

export function secretShape(secret: string): SecretShape {
  const alphabet = alphabetOf(secret);
  const padding = alphabet === 'base64' ? (/=*$/.exec(secret)?.[0].length ?? 0) : 0;
  return { alphabet, length: secret.length, padding, canonical: isCanonical(secret), bcc: bcc(secret) };
}

/**
 * Generates a substitute secret of this shape; `null` when none was found.
 *
 * @param random returns this many random bytes
 */
export function inventSecret(shape: SecretShape, random: (count: number) => Uint8Array): string | null {
  const { alphabet, length, padding, canonical } = shape;
  const letters: string = LETTERS[alphabet];
  const count = length - padding;
  if (count <= 0) return null;
  const chars = [...random(count)].map((byte) => letters[byte % letters.length] ?? '');
  const secretOf = (): string => chars.join('') + '='.repeat(padding);
  // Changes one character after the other until the check byte is met: new random bytes for each try would cost more.
  const chance = random(RANDOM_BYTES);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const secret = secretOf();
    // Digits alone would be read as `hex`, whatever alphabet they were taken from.
    const isAlphabet = alphabet === 'text' || alphabetOf(secret) === alphabet;
    if (isAlphabet && bcc(secret) === shape.bcc && isCanonical(secret) === canonical) return secret;
    const byte = (chance[tries % chance.length] ?? 0) + Math.floor(tries / chance.length);
    chars[count - 1 - (tries % Math.min(count, FREE_CHARACTERS))] = letters[byte % letters.length] ?? '';
  }
  return null;
}

function alphabetOf(secret: string): SecretShape['alphabet'] {
  if (/^[0-9a-f]+$/.test(secret)) return 'hex';
  if (/^[0-9A-F]+$/.test(secret)) return 'HEX';
  return /^[A-Za-z0-9+/]+=*$/.test(secret) ? 'base64' : 'text';
}

/** True when the unused bits of the last character are zero. */
function isCanonical(secret: string): boolean {
  const text = secret.replace(/=+$/, '');
  const unusedBits = (text.length * 6) % 8;
  const last = BASE64.indexOf(text.at(-1) ?? '');
  const whole = secret.length % 4 === 0 && text.length % 4 !== 1;
  return whole && /^[A-Za-z0-9+/]*$/.test(text) && (last & ((1 << unusedBits) - 1)) === 0;
}
