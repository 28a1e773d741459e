import type { TextEncodingName } from '#shared/codec/text-encoding.ts';

/** Bytes as people read them. */

const NAMES: Readonly<Record<number, string>> = { 0: '\\0', 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };
/** More of them than this share, and it is no text. */
const BINARY_SHARE = 0.5;
const HEX_ROW = 16;
/** What a secret leaves: nobody needs to know how long it is. */
const MASKED = /\*{8,}/g;

/** Text with its control characters visible, secrets as `***`; hex when it is no text. */
export function visible(bytes: Uint8Array, encoding: TextEncodingName = 'utf-8'): string {
  const text = asText(bytes, encoding);
  return text === null ? hex(bytes) : text.replace(MASKED, '***');
}

/** A picture or sound in base64 is longer than any line that a person reads. */
const LONG_RUN = /[A-Za-z0-9+/=]{512,}/g;
const BEGINNING = 64;

/** As `visible`, with long base64 as its beginning and its length. */
export function readable(bytes: Uint8Array, encoding: TextEncodingName = 'utf-8'): string {
  return visible(bytes, encoding).replace(
    LONG_RUN,
    (run) => `${run.slice(0, BEGINNING)}…(${run.length} characters in all)`,
  );
}

/** `7E 01 FF` */
export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}

/** Rows of sixteen bytes, hex and text side by side. */
export function hexRows(bytes: Uint8Array): string[] {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += HEX_ROW) {
    const row = bytes.subarray(at, at + HEX_ROW);
    const text = [...row]
      .map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.'))
      .join('');
    rows.push(`${hex(row).padEnd(HEX_ROW * 3)} ${text}`);
  }
  return rows;
}

/** Null when most of it is no text. */
function asText(bytes: Uint8Array, encoding: TextEncodingName): string | null {
  let odd = 0;
  let shown = '';
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const [char, length] = characterAt(bytes, at, encoding);
    const code = char?.codePointAt(0) ?? 0;
    const named = NAMES[byte];
    if (named !== undefined) shown += named;
    else if (char !== null && code >= 32 && code !== 127 && !(code >= 0x80 && code < 0xa0)) shown += char;
    else shown += `\\x${byte.toString(16).padStart(2, '0')}`;
    const isText = char !== null && (code >= 32 || named !== undefined) && byte !== 0;
    if (!isText) odd += 1;
    at += char === null ? 1 : length;
  }
  return odd > bytes.length * BINARY_SHARE ? null : shown;
}

/** The character that begins at `at` and how many bytes it takes; null when none does. */
function characterAt(
  bytes: Uint8Array,
  at: number,
  encoding: TextEncodingName,
): readonly [string | null, number] {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return [String.fromCharCode(first), 1];
  for (const length of lengthsOf(first, encoding)) {
    try {
      const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(
        bytes.subarray(at, at + length),
      );
      if ([...text].length === 1) return [text, length];
    } catch {
      // No character of this length.
    }
  }
  return [null, 1];
}

function lengthsOf(byte: number, encoding: TextEncodingName): readonly number[] {
  if (encoding === 'windows-1252') return [1];
  if (encoding === 'utf-8') return [byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2];
  return encoding === 'gb18030' ? [2, 4] : [2];
}
