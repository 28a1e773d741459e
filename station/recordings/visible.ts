/** Bytes as people read them. */

const NAMES: Readonly<Record<number, string>> = { 0: '\\0', 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };
/** More of them than this share, and it is no text. */
const BINARY_SHARE = 0.3;
const HEX_ROW = 16;
/** What a secret leaves: nobody needs to know how long it is. */
const MASKED = /\*{8,}/g;

/** Text with its control characters visible, secrets as `***`; hex when it is no text. */
export function visible(bytes: Uint8Array): string {
  const text = asText(bytes);
  return text === null ? hex(bytes) : text.replace(MASKED, '***');
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

function asText(bytes: Uint8Array): string | null {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
  let odd = 0;
  let shown = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const named = NAMES[code];
    if (named !== undefined) shown += named;
    else if (code >= 32 && code !== 127 && !(code >= 0x80 && code < 0xa0)) shown += char;
    else {
      odd += 1;
      shown += `\\x${code.toString(16).padStart(2, '0')}`;
    }
    if (code === 0) odd += 1;
  }
  return odd > text.length * BINARY_SHARE ? null : shown;
}
