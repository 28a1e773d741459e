import { inflateSync } from 'node:zlib';
import { ready } from 'zpl-renderer-js';

/*
 * What a label shows dot by dot, by code that is not the station's: zpl-renderer-js draws ZPL, this file reads PNG and TSPL.
 */

/** 1 is black, row by row from the top. */
export interface Dots {
  readonly width: number;
  readonly height: number;
  readonly black: Uint8Array;
}

/** A grey PNG of 8 bits with the filters of ISO/IEC 15948, 9.2; dots darker than the middle are black. */
export function dotsOfPng(bytes: Uint8Array): Dots {
  const file = Buffer.from(bytes);
  const [width, height, depth, colour] = [
    file.readUInt32BE(16),
    file.readUInt32BE(20),
    file[24],
    file[25],
  ] as const;
  if (depth !== 8 || colour !== 0) throw new Error(`a PNG of ${depth} bits, colour type ${colour}`);
  const parts: Buffer[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  }
  const data = inflateSync(Buffer.concat(parts));
  const gray = new Uint8Array(width * height);
  const at = (x: number, y: number): number => (x < 0 || y < 0 ? 0 : (gray[y * width + x] ?? 0));
  for (let y = 0; y < height; y++) {
    const filter = data[y * (width + 1)] ?? 0;
    for (let x = 0; x < width; x++) {
      const guesses = [
        () => 0,
        () => at(x - 1, y),
        () => at(x, y - 1),
        () => (at(x - 1, y) + at(x, y - 1)) >> 1,
        () => paeth(at(x - 1, y), at(x, y - 1), at(x - 1, y - 1)),
      ];
      gray[y * width + x] = (data[y * (width + 1) + 1 + x] ?? 0) + (guesses[filter]?.() ?? 0);
    }
  }
  return { width, height, black: gray.map((value) => (value < 128 ? 1 : 0)) };
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)] as const;
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** ZPL as zpl-renderer-js draws it. It counts 12 and 24 dots per mm, so that it gets the size for which it draws `^PW` × `^LL`. */
export async function dotsOfZpl(zpl: Uint8Array, dpi: number): Promise<Dots> {
  const { api } = await ready;
  const text = Buffer.from(zpl).toString('latin1');
  const [, width, height] = /^\^XA\n\^PW(\d+)\^LL(\d+)/.exec(text) ?? [];
  const dotsPerMm = { 203: 8, 300: 12, 600: 24 }[dpi] ?? 8;
  const png = await api.zplToBase64Async(
    text,
    Number(width) / dotsPerMm,
    Number(height) / dotsPerMm,
    dotsPerMm,
  );
  return dotsOfPng(Buffer.from(png, 'base64'));
}

/** The `BITMAP`s of a label in TSPL, in which 0 is black; any other command of drawing is an error. */
export function dotsOfTspl(tspl: Uint8Array, dpi: number): Dots {
  const file = Buffer.from(tspl);
  const [, widthMm, heightMm] =
    /^SIZE ([\d.]+) mm,([\d.]+) mm\r\n/.exec(file.toString('latin1', 0, 80)) ?? [];
  const [width, height] = [widthMm, heightMm].map((mm) => Math.round((Number(mm) * dpi) / 25.4));
  if (width === undefined || height === undefined) throw new Error('no SIZE');
  const black = new Uint8Array(width * height);
  for (let at = 0; at < file.length;) {
    const head = file.toString('latin1', at, at + 60);
    const bitmap = /^BITMAP (\d+),(\d+),(\d+),(\d+),0,/.exec(head);
    if (bitmap === null) {
      if (!/^(?:SIZE|GAP|DIRECTION|REFERENCE|CLS|PRINT)\b/.test(head)) throw new Error(`unknown: ${head}`);
      at = file.indexOf('\r\n', at) + 2;
      continue;
    }
    const [left, top, perRow, rows] = bitmap.slice(1).map(Number) as [number, number, number, number];
    const data = file.subarray(at + bitmap[0].length, at + bitmap[0].length + perRow * rows);
    for (let index = 0; index < perRow * 8 * rows; index++) {
      const [x, y] = [left + (index % (perRow * 8)), top + Math.floor(index / (perRow * 8))];
      if (x < width && y < height && (((data[index >> 3] ?? 0) >> (7 - (index & 7))) & 1) === 0)
        black[y * width + x] = 1;
    }
    at += bitmap[0].length + perRow * rows + 2;
  }
  return { width, height, black };
}

/** How many dots differ; Infinity for pictures of two sizes. */
export function countDifferences(one: Dots, two: Dots): number {
  if (one.width !== two.width || one.height !== two.height) return Infinity;
  return one.black.reduce((count, dot, at) => count + (dot === two.black[at] ? 0 : 1), 0);
}
