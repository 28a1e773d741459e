import { decodeBase64, encodeBase64 } from '../codec/base64.ts';
import { decodeHex, encodeHex } from '../codec/hex.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import type { Triple } from '../domain/triple.ts';

/** Placeholders of a triple, in messages of `device.identity`. */
export const TRIPLE_PLACEHOLDERS = ['productId', 'deviceName', 'deviceSecret'] as const;
export type TriplePlaceholder = (typeof TRIPLE_PLACEHOLDERS)[number];

/**
 * What a filter makes of a value. `bytes`: the bytes of its text in UTF-8, whatever the encoding of the port. `hex` and `HEX`:
 * these bytes in hex. `base64`: these bytes in base64. `length`: their number. `decoded`: the bytes that a text in base64
 * encodes, `decodedHex`: these in hex.
 */
export const TRIPLE_FILTERS = ['bytes', 'hex', 'HEX', 'base64', 'length', 'decoded', 'decodedHex'] as const;
export type TripleFilter = (typeof TRIPLE_FILTERS)[number];

const PLACEHOLDER =
  /\{(productId|deviceName|deviceSecret)(?::(bytes|hex|HEX|base64|length|decoded|decodedHex))?\}/g;

/** A triple that stands for any other in the check of a recipe. */
export const SAMPLE_TRIPLE: Triple = {
  productId: 'PRODUCT001',
  deviceName: 'device-1',
  deviceSecret: 'MDEyMzQ1Njc4OWFiY2RlZg==',
};

/** A placeholder as it is written in a message. */
export interface WrittenPlaceholder {
  readonly name: TriplePlaceholder;
  readonly filter: TripleFilter | null;
}

/** The placeholders of a message, in order. */
export function placeholdersOf(message: string): WrittenPlaceholder[] {
  return [...message.matchAll(PLACEHOLDER)].map(([, name, filter]) => ({
    name: name as TriplePlaceholder,
    filter: (filter as TripleFilter | undefined) ?? null,
  }));
}

/**
 * The bytes of a text with its placeholders filled in. Values are inserted as they are; a value with a filter that gives bytes
 * is not converted to the encoding of the text.
 *
 * @param encode the bytes of a text in the encoding of the port; `null` for a text that it cannot write
 * @returns `null` for a text that `encode` cannot write, and for a value that a filter cannot convert
 */
export function fillTripleText(
  message: string,
  triple: Triple,
  encode: (text: string) => Uint8Array | null,
): Uint8Array | null {
  return join(split(message), (part) => {
    if (typeof part === 'string') return encode(part);
    const value = convert(triple[part.name], part.filter);
    return typeof value === 'string' ? encode(value) : value;
  });
}

/**
 * The bytes of a message in hex with its placeholders filled in: a value stands for the bytes of its text, so that `hex` is the
 * same as `bytes`, and `length` is one byte. `null` for a message that is no hex, and for a value that a filter cannot convert.
 */
export function fillTripleHex(message: string, triple: Triple): Uint8Array | null {
  return join(split(message), (part) => {
    if (typeof part === 'string') return decodeHex(part);
    const { name, filter } = part;
    const text = triple[name];
    switch (filter) {
      case null:
      case 'bytes':
      case 'hex':
      case 'HEX':
        return encodeUtf8(text);
      case 'length': {
        const { length } = encodeUtf8(text);
        return length > 0xff ? null : Uint8Array.of(length);
      }
      case 'base64':
        return encodeUtf8(encodeBase64(encodeUtf8(text)));
      case 'decoded':
      case 'decodedHex':
        return decodeBase64(text);
    }
  });
}

/** A text, or bytes where the filter gives bytes; `null` for a value that it cannot convert. */
function convert(value: string, filter: TripleFilter | null): string | Uint8Array | null {
  switch (filter) {
    case null:
      return value;
    case 'bytes':
      return encodeUtf8(value);
    case 'hex':
      return encodeHex(encodeUtf8(value));
    case 'HEX':
      return encodeHex(encodeUtf8(value)).toUpperCase();
    case 'base64':
      return encodeBase64(encodeUtf8(value));
    case 'length':
      return String(encodeUtf8(value).length);
    case 'decoded':
      return decodeBase64(value);
    case 'decodedHex': {
      const bytes = decodeBase64(value);
      return bytes === null ? null : encodeHex(bytes);
    }
  }
}

function split(message: string): (string | WrittenPlaceholder)[] {
  const parts: (string | WrittenPlaceholder)[] = [];
  let at = 0;
  for (const match of message.matchAll(PLACEHOLDER)) {
    const [whole] = match;
    const [placeholder] = placeholdersOf(whole);
    parts.push(message.slice(at, match.index));
    if (placeholder !== undefined) parts.push(placeholder);
    at = match.index + whole.length;
  }
  return [...parts, message.slice(at)];
}

function join(
  parts: readonly (string | WrittenPlaceholder)[],
  bytesOf: (part: string | WrittenPlaceholder) => Uint8Array | null,
): Uint8Array | null {
  const all: number[] = [];
  for (const part of parts) {
    const bytes = bytesOf(part);
    if (bytes === null) return null;
    all.push(...bytes);
  }
  return Uint8Array.from(all);
}
