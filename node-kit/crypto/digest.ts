import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 (FIPS 180-4) of bytes, or of text as UTF-8, in 64 lower-case hex digits: `sha256Hex('') === 'e3b0c442…'`. */
export function sha256Hex(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * True when both have the same bytes. The time depends only on the lengths, so that it reveals nothing about a secret.
 *
 * ```ts
 * if (!equalInConstantTime(Buffer.from(given, 'base64url'), expected)) throw refused();
 * ```
 */
export function equalInConstantTime(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
