import { type Band, bandsOf } from './bands.ts';
import type { Drawing } from './drawing.ts';
import { rasterize } from './rasterize.ts';

/** Counts of repeated digits: G to Y are 1 to 19, g to z are 20 to 400 in twenties. */
const TWENTY = 20;
const MOST = 419;
const BEFORE_G = 'G'.charCodeAt(0) - 1;
const BEFORE_SMALL_G = 'g'.charCodeAt(0) - 1;

/**
 * One label in ZPL II, as graphics with compressed hexadecimal digits: every printer draws the same dots, and no text
 * depends on its fonts. The calibration of the printer (`^LT`, `^LS`, darkness, speed) stays as it is.
 * Source: Zebra, ZPL II Programming Guide, `^GF`, `^PW`, `^LL`, `^LH`, "Alternative Data Compression Scheme".
 */
export function encodeZpl(drawing: Drawing): Uint8Array {
  const { widthDots, heightDots } = drawing;
  const lines = [
    '^XA',
    `^PW${widthDots}^LL${heightDots}^LH0,0`,
    ...bandsOf(rasterize(drawing)).map(graphic),
    '^PQ1^XZ',
    '',
  ];
  return Buffer.from(lines.join('\n'), 'latin1');
}

function graphic({ x, y, bytesPerRow, rows, bits }: Band): string {
  const total = bytesPerRow * rows;
  let data = '';
  let before = '';
  for (let row = 0; row < rows; row++) {
    const digits = Buffer.from(bits.buffer, bits.byteOffset + row * bytesPerRow, bytesPerRow).toString('hex');
    data += digits === before ? ':' : compress(digits.toUpperCase());
    before = digits;
  }
  return `^FO${x},${y}^GFA,${total},${total},${bytesPerRow},${data}^FS`;
}

/**
 * A row: white up to its end is `,`, more than two equal digits are counted. The sign `!` for black up to the end is not used,
 * because software that draws ZPL reads its "ones" as digits instead of bits.
 */
function compress(digits: string): string {
  const white = /0{2,}$/.exec(digits)?.[0] ?? '';
  const rest = digits.slice(0, digits.length - white.length);
  let data = '';
  for (let at = 0; at < rest.length;) {
    const digit = rest.charAt(at);
    let count = 1;
    while (count < MOST && rest.charAt(at + count) === digit) count += 1;
    data += count < 3 ? digit.repeat(count) : `${countSigns(count)}${digit}`;
    at += count;
  }
  return white === '' ? data : `${data},`;
}

function countSigns(count: number): string {
  const twenties = Math.floor(count / TWENTY);
  const ones = count % TWENTY;
  const sign = (value: number, before: number): string =>
    value === 0 ? '' : String.fromCharCode(before + value);
  return sign(twenties, BEFORE_SMALL_G) + sign(ones, BEFORE_G);
}
