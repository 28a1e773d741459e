import { encodeUtf8 } from '../utf8.ts';

/** The three fields of a Wi-Fi code, in their order. */
export const WIFI_FIELDS = ['ssid', 'password', 'token'] as const;
export type WifiField = (typeof WIFI_FIELDS)[number];

/** A violated rule: the end of a sentence that begins with the field's name, and a hint. */
export interface WifiProblem {
  readonly what: string;
  readonly hint: string;
  readonly sizeBytes: number;
  readonly limitBytes: number;
}

/** IEEE 802.11, 9.4.2.2 SSID element: 0 to 32 octets. */
const LONGEST_SSID_BYTES = 32;
/** IEEE 802.11, J.4.1: a passphrase has 8 to 63 printable ASCII characters; 64 hex digits are the key itself. */
const SHORTEST_KEY = 8;
const LONGEST_KEY = 63;
const KEY_IN_HEX = 64;
/** The length of a field has two digits. */
const LONGEST_FIELD_BYTES = 99;

const KEY_HINT =
  'A Wi-Fi password is empty (open network), has 8 to 63 ASCII characters, or is a key of 64 hex digits.';

/**
 * The rule that this value violates, so that no device can join such a network; `null` for a valid value. The result does not
 * contain the value, which may be a password. Faults: `bad-input` for a lone surrogate.
 */
export function findWifiProblem(field: WifiField, value: string): WifiProblem | null {
  const sizeBytes = encodeUtf8(value).length;
  switch (field) {
    case 'ssid':
      return ssidProblem(value, sizeBytes);
    case 'password':
      return keyProblem(value, sizeBytes);
    case 'token':
      return tokenProblem(value, sizeBytes);
  }
}

function ssidProblem(value: string, sizeBytes: number): WifiProblem | null {
  const base = { sizeBytes, limitBytes: LONGEST_SSID_BYTES };
  if (value === '') return { ...base, what: 'is empty', hint: 'Give the name of the network (--ssid).' };
  const control = controlIn(value);
  if (control !== null)
    return { ...base, what: `holds the control character ${control}`, hint: 'Type the name again.' };
  if (sizeBytes <= LONGEST_SSID_BYTES) return null;
  return {
    ...base,
    what: `has ${sizeBytes} bytes; a network name has 1 to ${LONGEST_SSID_BYTES}`,
    hint: 'Compare it with the name in the access point; a Chinese character counts as 3 bytes.',
  };
}

function keyProblem(value: string, sizeBytes: number): WifiProblem | null {
  const base = { sizeBytes, limitBytes: KEY_IN_HEX, hint: KEY_HINT };
  if (value === '') return null;
  const control = controlIn(value);
  if (control !== null) return { ...base, what: `holds the control character ${control}` };
  if (!/^[\x20-\x7e]*$/.test(value)) return { ...base, what: 'holds a character that is not ASCII' };
  if (value.length < SHORTEST_KEY)
    return { ...base, what: `has ${counted(value.length, 'character')}; the shortest has ${SHORTEST_KEY}` };
  if (value.length <= LONGEST_KEY) return null;
  if (value.length > KEY_IN_HEX)
    return { ...base, what: `has ${value.length} characters; the longest has ${LONGEST_KEY}` };
  return /^[0-9A-Fa-f]*$/.test(value)
    ? null
    : { ...base, what: `has ${KEY_IN_HEX} characters that are not all hex digits` };
}

/** The token is opaque: Tencent specifies neither alphabet nor length; the code has room for 99 bytes. */
function tokenProblem(value: string, sizeBytes: number): WifiProblem | null {
  const base = { sizeBytes, limitBytes: LONGEST_FIELD_BYTES };
  if (value === '')
    return { ...base, what: 'is empty', hint: 'Give the token that the cloud gave (--token).' };
  const control = controlIn(value);
  if (control !== null)
    return { ...base, what: `holds the control character ${control}`, hint: 'Copy the token again.' };
  if (sizeBytes <= LONGEST_FIELD_BYTES) return null;
  return {
    ...base,
    what: `has ${sizeBytes} bytes; the code has room for ${LONGEST_FIELD_BYTES}`,
    hint: 'Copy the token again; those of Tencent have 32 characters.',
  };
}

/** `U+000A`: the first control character. */
function controlIn(value: string): string | null {
  const found = /\p{Cc}/u.exec(value)?.[0];
  return found === undefined ? null : `U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
