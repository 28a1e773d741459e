import { Fault } from '../../domain/fault.ts';
import { counted } from '../../words/index.ts';
import { decodeUtf8, encodeUtf8 } from '../utf8.ts';
import { findWifiProblem, WIFI_FIELDS, type WifiField } from './wifi-rules.ts';

/**
 * The Wi-Fi provisioning code that a phone shows to a camera or doorbell: `len ssid len password len token`, each length two
 * decimal digits. Source: Tencent IoT Video (consumer) access manual, Wi-Fi provisioning by QR code. The manual does not say
 * whether lengths count bytes or characters; here they count UTF-8 bytes, which differ only outside ASCII.
 */
export interface WifiCredentials {
  readonly ssid: string;
  /** Empty for an open network. */
  readonly password: string;
  /** The binding token that the cloud gave to the app. */
  readonly token: string;
}

/**
 * The text of the code. Faults: `bad-input` (details `field`, `sizeBytes`, `limitBytes`) for a network that no device can
 * join: an SSID has 1 to 32 bytes of UTF-8; a password is empty, 8 to 63 printable ASCII characters, or 64 hex digits;
 * a token has 1 to 99 bytes; none has control characters.
 */
export function encodeWifiQr(credentials: WifiCredentials): string {
  return WIFI_FIELDS.map((field) => encodeField(field, credentials[field])).join('');
}

/**
 * Parses a code. Faults: `bad-input` for any other text, with the position in details `field` and `atByte`. Values that no
 * network accepts are read unchanged, because the example of the manual has a password of one letter.
 */
export function decodeWifiQr(text: string): WifiCredentials {
  const bytes = encodeUtf8(text);
  const values = { ssid: '', password: '', token: '' };
  let offset = 0;
  for (const field of WIFI_FIELDS) {
    const start = offset + 2;
    const length = readLength(bytes, offset, field, text);
    if (start + length > bytes.length) {
      throw malformed(field, start, `has ${bytes.length - start} of its ${length} bytes`, text);
    }
    const value = decodeUtf8(bytes.subarray(start, start + length));
    if (value === null) throw malformed(field, start, `ends in the middle of a character`, text);
    if (value === '' && field !== 'password') throw malformed(field, offset, 'is empty', text);
    values[field] = value;
    offset = start + length;
  }
  if (offset < bytes.length)
    throw malformed('token', offset, `is followed by ${counted(bytes.length - offset, 'more byte')}`, text);
  return values;
}

/** True for a text that begins like a Wi-Fi code; it may still be malformed. */
export function looksLikeWifiQr(text: string): boolean {
  return /^[0-9]{2}/.test(text);
}

function encodeField(field: WifiField, value: string): string {
  const problem = findWifiProblem(field, value);
  if (problem !== null) {
    const { what, hint, sizeBytes, limitBytes } = problem;
    throw new Fault('bad-input', `the ${field} ${what}`, { hint, details: { field, sizeBytes, limitBytes } });
  }
  return `${String(encodeUtf8(value).length).padStart(2, '0')}${value}`;
}

function readLength(bytes: Uint8Array, offset: number, field: WifiField, text: string): number {
  const tens = (bytes[offset] ?? 0) - 0x30;
  const ones = (bytes[offset + 1] ?? 0) - 0x30;
  const digits = tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
  if (!digits) throw malformed(field, offset, 'has no two-digit length in front of it', text);
  return tens * 10 + ones;
}

/** The position is in bytes, like the lengths; the message omits the text, which contains a password. */
function malformed(field: WifiField, atByte: number, what: string, text: string): Fault {
  const hint = fitsCountedInCharacters(text)
    ? 'its lengths count characters; they must count UTF-8 bytes'
    : 'the code is length and text, three times: ssid, password, token';
  return new Fault('bad-input', `not a Wi-Fi code: at byte ${atByte} the ${field} ${what}`, {
    hint,
    details: { field, atByte },
  });
}

function fitsCountedInCharacters(text: string): boolean {
  const characters = [...text];
  let offset = 0;
  for (let i = 0; i < WIFI_FIELDS.length; i++) {
    const digits = characters.slice(offset, offset + 2).join('');
    if (!/^[0-9]{2}$/.test(digits)) return false;
    offset += 2 + Number(digits);
  }
  return offset === characters.length && characters.length !== encodeUtf8(text).length;
}
