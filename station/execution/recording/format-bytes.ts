import type { TextEncodingName } from '#shared/codec/text-encoding.ts';

const NAMES: Readonly<Record<number, string>> = { 0: '\\0', 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };
/** Bytes with a greater share of other characters are no text. */
const MAX_BINARY_SHARE = 0.5;
const HEX_ROW = 16;
/** The mask of a secret in bytes, which has the length of the secret. */
const MASKED = /\*{8,}/g;

/** Text with visible control characters, secrets as `***`; hex for bytes that are no text. */
export function formatBytes(bytes: Uint8Array, encoding: TextEncodingName = 'utf-8'): string {
  const text = asText(bytes, encoding);
  return text === null ? hex(bytes) : text.replace(MASKED, '***');
}

/** A picture or a sound in base64. */
const LONG_BASE64 = /[A-Za-z0-9+/=]{512,}/g;
const SHOWN_CHARACTERS = 64;

/** As `formatBytes`, with long base64 shortened to its beginning and length. */
export function formatBytesShort(bytes: Uint8Array, encoding: TextEncodingName = 'utf-8'): string {
  return formatBytes(bytes, encoding).replace(
    LONG_BASE64,
    (run) => `${run.slice(0, SHOWN_CHARACTERS)}…(${run.length} characters in all)`,
  );
}

/** `7E 01 FF` */
export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}

/** Rows of sixteen bytes in hex, with their ASCII text beside. */
export function hexRows(bytes: Uint8Array): string[] {
  const rows: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += HEX_ROW) {
    const row = bytes.subarray(offset, offset + HEX_ROW);
    const text = [...row]
      .map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.'))
      .join('');
    rows.push(`${hex(row).padEnd(HEX_ROW * 3)} ${text}`);
  }
  return rows;
}

/** Null when most of the bytes are no text. */
function asText(bytes: Uint8Array, encoding: TextEncodingName): string | null {
  let others = 0;
  let shown = '';
  for (let offset = 0; offset < bytes.length;) {
    const byte = bytes[offset] ?? 0;
    const [char, length] = characterAt(bytes, offset, encoding);
    const code = char?.codePointAt(0) ?? 0;
    const named = NAMES[byte];
    if (named !== undefined) shown += named;
    else if (char !== null && code >= 32 && code !== 127 && !(code >= 0x80 && code < 0xa0)) shown += char;
    else shown += `\\x${byte.toString(16).padStart(2, '0')}`;
    const isText = char !== null && (code >= 32 || named !== undefined) && byte !== 0;
    if (!isText) others += 1;
    offset += char === null ? 1 : length;
  }
  return others > bytes.length * MAX_BINARY_SHARE ? null : shown;
}

/** The character that begins at `offset` and its length in bytes; null when there is none. */
function characterAt(
  bytes: Uint8Array,
  offset: number,
  encoding: TextEncodingName,
): readonly [string | null, number] {
  const first = bytes[offset] ?? 0;
  if (first < 0x80) return [String.fromCharCode(first), 1];
  for (const length of lengthsOf(first, encoding)) {
    try {
      const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(
        bytes.subarray(offset, offset + length),
      );
      if ([...text].length === 1) return [text, length];
    } catch {
      // There is no character of this length.
    }
  }
  return [null, 1];
}

function lengthsOf(byte: number, encoding: TextEncodingName): readonly number[] {
  if (encoding === 'windows-1252') return [1];
  if (encoding === 'utf-8') return [byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2];
  return encoding === 'gb18030' ? [2, 4] : [2];
}
