import { decodeUtf8 } from '#shared/codec/utf8.ts';
import type { ByteRange } from '../../../core/secret-mask/index.ts';

/** Characters of base64, base64url and hex. */
const WORD = /[A-Za-z0-9+/_=-]{16,}/g;
/** A dump in hex: sixteen bytes and more with a blank, a colon or a dash between them. */
const DUMP = /(?:[0-9A-Fa-f]{2}[ :-]){15,}[0-9A-Fa-f]{2}/g;

/**
 * The places of words that look like a secret which this station does not know: a long word of letters and digits or of both
 * cases, or a dump in hex. A secret that is spelled with characters between its letters does not look like one.
 */
export function secretLikeWords(bytes: Uint8Array): ByteRange[] {
  const text = Buffer.from(bytes).toString('latin1');
  const words = [...text.matchAll(WORD)].filter(([word]) => isMixed(word));
  return [...words, ...text.matchAll(DUMP)].map(({ 0: word, index }) => ({
    from: index,
    to: index + word.length,
  }));
}

/** The words of a value over Bluetooth that look like a secret, as bytes. A value that is no text is one word. */
export function secretLikeParts(value: Uint8Array): Uint8Array[] {
  if (decodeUtf8(value) === null) return value.length < 16 ? [] : [value];
  return secretLikeWords(value).map(({ from, to }) => value.slice(from, to));
}

function isMixed(word: string): boolean {
  const hasCases = /[a-z]/.test(word) && /[A-Z]/.test(word);
  return hasCases || (/[A-Za-z]/.test(word) && /\d/.test(word));
}
