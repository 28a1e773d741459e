import { inflateSync } from 'node:zlib';
import { bitmapOfBits, type Bitmap } from './bitmap.ts';

export interface GraphicField {
  /** `A`: hexadecimal digits, `B`: bytes, `C`: compressed bytes. */
  readonly kind: string;
  /** Bytes of the whole graphic, and of one row. */
  readonly totalBytes: number;
  readonly rowBytes: number;
  readonly data: Buffer;
}

/**
 * The picture of a `^GF`; `null` where its data cannot be read. Hexadecimal digits may be compressed: `G` to `Y` repeat the next digit 1
 * to 19 times, `g` to `z` 20 to 400 times, `,` fills the row with 0, `!` with 1, and `:` repeats the row above. `:B64:` and `:Z64:`
 * (zlib) are Base64 with a CRC-16. Source: Zebra, ZPL II Programming Guide, `^GF`, "Alternative Data Compression Scheme".
 *
 * The guide does not publish the compression of `C`. It is read as LZ77 in a zlib stream, which the guide names for `:Z64:`, and
 * must give exactly the announced bytes.
 */
export function graphicPicture({ kind, totalBytes, rowBytes, data }: GraphicField): Bitmap | null {
  if (rowBytes < 1 || totalBytes < 1 || totalBytes > 4_000_000) return null;
  const bytes = bytesOf({ kind, totalBytes, rowBytes, data });
  return bytes === null ? null : bitmapOfBits(bytes, rowBytes, Math.ceil(totalBytes / rowBytes), 1);
}

function bytesOf({ kind, totalBytes, rowBytes, data }: GraphicField): Uint8Array | null {
  switch (kind) {
    case 'A':
      return hexBytes(data.toString('latin1'), totalBytes, rowBytes);
    case 'B':
      return data;
    case 'C': {
      const bytes = inflated(data, totalBytes);
      return bytes?.length === totalBytes ? bytes : null;
    }
    default:
      return null;
  }
}

/** Null for data that is no zlib stream, or has more bytes than announced. */
function inflated(bytes: Uint8Array, maxBytes: number): Uint8Array | null {
  try {
    return inflateSync(bytes, { maxOutputLength: maxBytes });
  } catch {
    // zlib throws for data that are none of it.
    return null;
  }
}

function hexBytes(text: string, totalBytes: number, rowBytes: number): Uint8Array | null {
  const encoded = /^\s*:([BZ])64:([A-Za-z0-9+/=\s]*):([0-9A-Fa-f]{4})\s*$/.exec(text);
  if (encoded !== null) return base64Bytes(encoded[1] ?? '', encoded[2] ?? '', encoded[3] ?? '', totalBytes);
  const rowDigits = rowBytes * 2;
  const rows: string[] = [];
  let row = '';
  let repeat = 0;
  const add = (digits: string): void => {
    row += digits;
    while (row.length >= rowDigits) {
      rows.push(row.slice(0, rowDigits));
      row = row.slice(rowDigits);
    }
  };
  for (const sign of text.replaceAll(/\s/g, '')) {
    if (rows.length * rowBytes >= totalBytes) break;
    if (/[G-Y]/.test(sign)) repeat += sign.charCodeAt(0) - 0x46;
    else if (/[g-z]/.test(sign)) repeat += (sign.charCodeAt(0) - 0x66) * 20;
    else if (/[0-9A-Fa-f]/.test(sign)) {
      add(sign.repeat(Math.max(1, repeat)));
      repeat = 0;
    } else if (sign === ',') add('0'.repeat(rowDigits - row.length));
    else if (sign === '!') add('F'.repeat(rowDigits - row.length));
    else if (sign === ':' && row === '') rows.push(rows.at(-1) ?? '0'.repeat(rowDigits));
    else return null;
  }
  return Buffer.from(rows.join('') + row, 'hex');
}

function base64Bytes(kind: string, text: string, crc: string, totalBytes: number): Uint8Array | null {
  if (crc16(Buffer.from(text, 'latin1')) !== Number.parseInt(crc, 16)) return null;
  const bytes = Buffer.from(text, 'base64');
  return kind === 'Z' ? inflated(bytes, totalBytes) : bytes;
}

/** CRC-16 with the polynomial 0x1021 and the initial value 0, over the Base64 text. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
    crc &= 0xffff;
  }
  return crc;
}
