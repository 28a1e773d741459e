import bwip from 'bwip-js/node';
import { Bitmap } from './bitmap.ts';

/** Result of bwip-js: a matrix (`pixs`, row by row) or widths of bars and spaces in turn (`sbs`). */
interface RawSymbol {
  readonly pixs?: readonly number[];
  readonly pixx?: number;
  readonly pixy?: number;
  readonly sbs?: readonly number[];
}

export type QrLevel = 'L' | 'M' | 'Q' | 'H';

/** One dot for each module; `null` where the data do not fit. */
export function qrPicture(data: Uint8Array, level: QrLevel): Bitmap | null {
  return matrix({ bcid: 'qrcode', eclevel: level, suppresskanjimode: true }, data);
}

/** One dot for each module; `null` where the data do not fit. */
export function dataMatrixPicture(data: Uint8Array): Bitmap | null {
  return matrix({ bcid: 'datamatrix' }, data);
}

/** Names of codes of bars in bwip-js. */
export type BarsKind = 'code128' | 'code39' | 'ean13' | 'ean8' | 'upca' | 'interleaved2of5' | 'gs1-128';

/** Bars of one dot for each module; `null` where the text is none of this code. */
export function barsPicture(
  kind: BarsKind,
  data: Uint8Array,
  moduleDots: number,
  height: number,
): Bitmap | null {
  const widths = raw({ bcid: kind }, data)?.sbs;
  if (widths === undefined) return null;
  const total = widths.reduce((sum, width) => sum + width, 0);
  const picture = new Bitmap(total * moduleDots, height);
  let x = 0;
  for (const [at, width] of widths.entries()) {
    if (at % 2 === 0) picture.fill(x, 0, width * moduleDots, height);
    x += width * moduleDots;
  }
  return picture;
}

function matrix(options: { bcid: string } & Record<string, unknown>, data: Uint8Array): Bitmap | null {
  const symbol = raw(options, data);
  if (symbol?.pixs === undefined) return null;
  const picture = new Bitmap(symbol.pixx ?? 0, symbol.pixy ?? 0);
  picture.dots.set(symbol.pixs);
  return picture;
}

function raw(options: { bcid: string } & Record<string, unknown>, data: Uint8Array): RawSymbol | null {
  const text = Array.from(data, (byte) => `^${String(byte).padStart(3, '0')}`).join('');
  try {
    const [symbol] = bwip.raw({ ...options, text, parse: true }) as readonly RawSymbol[];
    return symbol ?? null;
  } catch {
    // bwip-js throws for each text that the code cannot hold.
    return null;
  }
}
