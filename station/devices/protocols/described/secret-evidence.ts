import { bcc } from '#shared/codec/bcc.ts';
import { decodeBase64 } from '#shared/codec/base64.ts';
import { decodeHex } from '#shared/codec/hex.ts';
import { decodeUtf8, encodeUtf8 } from '#shared/codec/utf8.ts';
import type { SecretGroup } from '#shared/recipe/index.ts';
import type { AnswerValues } from './answer-values.ts';
import { crc32Of, md5Of, sha256Of, spellingsOf } from './secret-forms.ts';

const ASTERISK = 0x2a;

/** `absent`: the unit answered nothing in its place. `malformed`: no secret has such a value. */
export type Evidence = 'same' | 'other' | 'absent' | 'malformed';

/** What a value that a unit answered says about a secret. */
export function evidenceOf(values: AnswerValues, group: SecretGroup, secret: string): Evidence {
  const bytes = values.bytes(group);
  const inHex = values.isInHex(group);
  if (bytes.length === 0) return 'absent';
  // A recording has asterisks for a secret that the station did not know, whatever their spelling was.
  if (bytes.every((byte) => byte === ASTERISK)) return 'other';
  switch (group) {
    case 'deviceSecret':
      return same(isSecret(bytes, secret));
    case 'deviceSecretHex':
      return ofSecret(inHex ? bytes : fromHex(bytes), secret);
    case 'deviceSecretBase64':
      return ofSecret(inHex ? bytes : fromBase64(bytes), secret);
    case 'deviceSecretSha256':
      return ofDigest(bytes, inHex, sha256Of(secret));
    case 'deviceSecretMd5':
      return ofDigest(bytes, inHex, md5Of(secret));
    case 'deviceSecretCrc32':
      return ofDigest(bytes, inHex, crc32Of(secret));
    case 'deviceSecretBcc':
      return ofBcc(inHex ? toNumber(bytes) : decimal(bytes), secret);
    case 'deviceSecretBccHex':
      return ofBcc(inHex ? toNumber(bytes) : toNumber(shortHex(bytes)), secret);
  }
}

/** The bytes of a secret that a unit has answered as a whole, for the mask; `null` for a digest. */
export function wholeSecret(values: AnswerValues, group: SecretGroup): Uint8Array | null {
  const bytes = values.bytes(group);
  switch (group) {
    case 'deviceSecret':
      return bytes;
    case 'deviceSecretHex':
      return values.isInHex(group) ? bytes : fromHex(bytes);
    case 'deviceSecretBase64':
      return values.isInHex(group) ? bytes : fromBase64(bytes);
    case 'deviceSecretSha256':
    case 'deviceSecretMd5':
    case 'deviceSecretCrc32':
    case 'deviceSecretBcc':
    case 'deviceSecretBccHex':
      return null;
  }
}

function same(isSame: boolean): Evidence {
  return isSame ? 'same' : 'other';
}

/** The text of the secret, one of its spellings, or the bytes that it encodes. */
function isSecret(bytes: Uint8Array, secret: string): boolean {
  const known = [secret, ...spellingsOf(secret)].map((text) => encodeUtf8(text));
  const decoded = decodeBase64(secret);
  return [...known, ...(decoded === null ? [] : [decoded])].some((one) => equal(one, bytes));
}

function ofSecret(bytes: Uint8Array | null, secret: string): Evidence {
  return bytes === null ? 'malformed' : same(isSecret(bytes, secret));
}

/** In base64 a short digest could be mistaken for a part of one in hex. */
const MIN_BASE64_BYTES = 16;

/** A digest as bytes, in hex of either case, or in base64. */
function ofDigest(bytes: Uint8Array, inHex: boolean, digest: Uint8Array): Evidence {
  const inBase64 = digest.length < MIN_BASE64_BYTES ? null : fromBase64(bytes);
  const candidates = inHex ? [bytes] : [fromHex(bytes), inBase64];
  const whole = candidates.find((one) => one?.length === digest.length);
  return whole == null ? 'malformed' : same(equal(whole, digest));
}

function ofBcc(value: number | null, secret: string): Evidence {
  return value === null || value > 0xff ? 'malformed' : same(value === bcc(secret));
}

function fromHex(bytes: Uint8Array): Uint8Array | null {
  const text = decodeUtf8(bytes)?.replace(/^0x/i, '');
  return text === undefined ? null : decodeHex(text);
}

/** One or two digits. */
function shortHex(bytes: Uint8Array): Uint8Array | null {
  const text = decodeUtf8(bytes)?.replace(/^0x/i, '') ?? '';
  return decodeHex(text.padStart(2, '0'));
}

function fromBase64(bytes: Uint8Array): Uint8Array | null {
  const text = decodeUtf8(bytes);
  return text === null ? null : decodeBase64(text);
}

/** `null` unless it is one byte. */
function toNumber(bytes: Uint8Array | null): number | null {
  return bytes?.length === 1 ? (bytes[0] ?? null) : null;
}

function decimal(bytes: Uint8Array): number | null {
  const text = decodeUtf8(bytes) ?? '';
  return /^\d{1,3}$/.test(text) ? Number(text) : null;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
