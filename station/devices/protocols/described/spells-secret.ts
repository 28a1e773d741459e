import { decodeBase64 } from '#shared/codec/base64.ts';
import { encodeUtf8 } from '#shared/codec/utf8.ts';

/** A shorter text is found in other texts by chance. */
const MIN_CHARACTERS = 8;
/** So many characters in a row show a part of a secret: half of one on each of two lines. */
const PART_CHARACTERS = 10;
/** The same in hex, which ordinary numbers look like. */
const PART_HEX_DIGITS = 16;

/**
 * True when received bytes have a secret in another spelling than the masked ones: in other case, or with characters between its
 * letters and digits, also in base64, and of its bytes or of the bytes that it encodes in hex.
 */
export function spellsSecret(received: Uint8Array, secret: string): boolean {
  const text = bare(received);
  const { texts, hex } = spellingsIn(secret);
  return [...texts, ...hex].some((spelling) => spelling.length >= MIN_CHARACTERS && text.includes(spelling));
}

/** True when received bytes have a part of a secret, as a line of a dump has that is shorter than the secret. */
export function showsPartOfSecret(received: Uint8Array, secret: string): boolean {
  const text = bare(received);
  if (text.length < PART_CHARACTERS) return false;
  const { texts, hex } = spellingsIn(secret);
  return (
    texts.some((spelling) => hasPart(text, spelling, PART_CHARACTERS)) ||
    hex.some((spelling) => hasPart(text, spelling, PART_HEX_DIGITS))
  );
}

function hasPart(text: string, spelling: string, length: number): boolean {
  for (let at = 0; at + length <= spelling.length; at++)
    if (text.includes(spelling.slice(at, at + length))) return true;
  return false;
}

/** The letters and digits of a secret as text and in base64, and in hex. */
function spellingsIn(secret: string): { readonly texts: readonly string[]; readonly hex: readonly string[] } {
  const bytes = encodeUtf8(secret);
  const encoded = decodeBase64(secret);
  return {
    texts: [bytes, encodeUtf8(Buffer.from(bytes).toString('base64'))].map(bare),
    hex: [bytes, ...(encoded === null ? [] : [encoded])].map((one) => Buffer.from(one).toString('hex')),
  };
}

function bare(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[^a-z0-9]/gi, '')
    .toLowerCase();
}
