import { createHash } from 'node:crypto';
import { crc } from '#shared/codec/crc.ts';
import { decodeBase64 } from '#shared/codec/base64.ts';
import { encodeUtf8 } from '#shared/codec/utf8.ts';
import type { ReadBackStrength } from '#shared/domain/read-back.ts';
import type { SecretMask } from '../../../core/secret-mask/index.ts';
import { secretEnd } from '../framing-in-run.ts';
import { MIN_SECRET_BYTES } from './min-secret-bytes.ts';

/** SHA-256 of the text of a secret. */
export function sha256Of(secret: string): Uint8Array {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** MD5 of the text of a secret. */
export function md5Of(secret: string): Uint8Array {
  return createHash('md5').update(secret, 'utf8').digest();
}

/** CRC-32 of the text of a secret, high byte first. */
export function crc32Of(secret: string): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc('crc32', encodeUtf8(secret)));
  return bytes;
}

/** Spellings of a secret in the text of a protocol: in JSON with escaped slashes, and in an address. */
export function spellingsOf(secret: string): string[] {
  return [secret.replaceAll('/', String.raw`\/`), encodeURIComponent(secret)];
}

/** Other texts that reveal a secret, and that are no spelling of it: without the padding of base64, and as base64url. */
function variantsOf(secret: string): string[] {
  const bare = secret.replace(/=+$/, '');
  return [bare, bare.replaceAll('+', '-').replaceAll('/', '_')];
}

/**
 * Masks secrets of units in every form in which they are sent or may be read back. A replay has other secrets: each gets the same
 * number of forms in the same order, because a recording names a form by its place.
 */
export class SecretForms {
  readonly #mask: SecretMask;
  readonly #strength: ReadBackStrength;
  readonly #known = new Set<string>();

  constructor(mask: SecretMask, strength: ReadBackStrength) {
    this.#mask = mask;
    this.#strength = strength;
  }

  /** Masks a secret of the ledger. Call it before the secret is sent, and before a unit is read that may hold it. */
  protect(secret: string): void {
    if (this.#known.has(secret)) return;
    this.#known.add(secret);
    this.#mask.protect([secret]);
    const decoded = decodeBase64(secret) ?? encodeUtf8(secret);
    const texts = [secret, ...spellingsOf(secret), ...variantsOf(secret)];
    // A text that is there already gets an empty place: in a replay, it may be another one.
    const places = texts.map((text, at) => (texts.indexOf(text) < at ? '' : text)).slice(1);
    this.#mask.protectBytes([...places.map((text) => encodeUtf8(text)), decoded]);
    const digest = this.#digest(secret);
    if (digest !== null) this.#mask.protectBytes([digest]);
  }

  /** Masks a secret that a unit has answered and that belongs to no triple of the run. */
  protectFound(found: Uint8Array): void {
    const text = Buffer.from(found).toString('utf8');
    if (found.length < MIN_SECRET_BYTES || this.#known.has(text)) return;
    this.#known.add(text);
    this.#mask.protectBytes([found]);
  }

  /** Masks the checksum of a frame that is sent with a secret. Call it after `protect`. */
  protectFrame(frame: Uint8Array): void {
    const end = secretEnd(frame, this.#mask);
    const place = Buffer.from(end ?? []).toString('hex');
    if (end === null || this.#known.has(place)) return;
    this.#known.add(place);
    this.#mask.protectBytes([end]);
  }

  #digest(secret: string): Uint8Array | null {
    switch (this.#strength) {
      case 'sha256':
        return sha256Of(secret);
      case 'md5':
        return md5Of(secret);
      case 'crc32':
        return crc32Of(secret);
      case 'full':
      case 'bcc8':
      case 'name':
      case 'none':
        return null;
    }
  }
}
