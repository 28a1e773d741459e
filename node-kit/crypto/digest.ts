import { createHash, timingSafeEqual } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

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

/** Bytes that are digested in a few milliseconds. */
const BYTES_AT_ONCE = 4 * 1024 * 1024;

/** As `sha256Hex`, with a turn of the event loop after every 4 MB. */
export async function sha256InTurns(content: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let from = 0; from < content.length; from += BYTES_AT_ONCE) {
    hash.update(content.subarray(from, from + BYTES_AT_ONCE));
    await nextTurn();
  }
  return hash.digest('hex');
}
