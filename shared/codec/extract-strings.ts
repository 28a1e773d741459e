const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const STAR = 0x2a;
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Extracts the string values of one key from JSON text, as bytes in order, and overwrites them with `*`. The rest may then
 * become strings, which cannot be wiped, without a secret. The caller wipes the returned bytes.
 *
 * Only values in printable ASCII without escapes other than `\/` are extracted, because secrets have no others. It scans
 * tokens and does not check the grammar (RFC 8259); the parser of the rest does.
 * @param json is modified.
 * @param key in ASCII; a key that is written with escapes is not found.
 */
export function extractStrings(json: Uint8Array, key: string): Uint8Array[] {
  const wanted = new TextEncoder().encode(key);
  const taken: Uint8Array[] = [];
  let isValue = false;
  for (let index = 0; index < json.length; index += 1) {
    if (json[index] !== QUOTE) {
      // Only blanks and the colon may be between a key and its value.
      if (!BLANKS.has(json[index] ?? 0) && json[index] !== COLON) isValue = false;
      continue;
    }
    const begin = index + 1;
    const end = endOfString(json, begin);
    if (isValue && isPlain(json.subarray(begin, end))) taken.push(take(json.subarray(begin, end)));
    isValue = colonFollows(json, end + 1) && equal(json.subarray(begin, end), wanted);
    index = end;
  }
  return taken;
}

/** True for a value that `extractStrings` has overwritten with stars. */
export function isExtracted(text: string): boolean {
  return /^\**$/.test(text);
}

/** Offset of the closing quote; the end of the text when there is none. */
function endOfString(json: Uint8Array, begin: number): number {
  let offset = begin;
  while (offset < json.length && json[offset] !== QUOTE) offset += json[offset] === BACKSLASH ? 2 : 1;
  return Math.min(offset, json.length);
}

function colonFollows(json: Uint8Array, from: number): boolean {
  let offset = from;
  while (BLANKS.has(json[offset] ?? 0)) offset += 1;
  return json[offset] === COLON;
}

function isPlain(value: Uint8Array): boolean {
  return value.every(
    (byte, index) => byte >= 0x20 && byte < 0x7f && (byte !== BACKSLASH || value[index + 1] === 0x2f),
  );
}

function take(value: Uint8Array): Uint8Array {
  // With an ArrayBuffer: V8 stores small arrays without one on its heap, where moving them leaves copies.
  const bytes = new Uint8Array(new ArrayBuffer(value.length));
  let length = 0;
  for (const byte of value) if (byte !== BACKSLASH) bytes[length++] = byte;
  value.fill(STAR);
  return bytes.subarray(0, length);
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
