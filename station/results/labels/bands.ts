import type { Raster } from './rasterize.ts';

/** A part of a label as a printer burns it: rows of `bytesPerRow`, the first dot is the highest bit, 1 is black. */
export interface Band {
  readonly x: number;
  readonly y: number;
  readonly bytesPerRow: number;
  readonly rows: number;
  readonly bits: Uint8Array;
}

/** Dots that are at least half covered are burned; a thermal head has no grey. */
const BLACK_BELOW = 128;
/** White rows between two bands. A band has some tens of bytes of command, so that narrow gaps are not worth another one. */
const GAP_ROWS = 8;

/** The black dots of a label in bands from top to bottom, without the white around them. A white label has none. */
export function bandsOf(raster: Raster): Band[] {
  const bands: Band[] = [];
  let top = -1;
  let bottom = -1;
  for (let y = 0; y < raster.height; y++) {
    if (!hasBlack(raster, y)) continue;
    if (top >= 0 && y - bottom > GAP_ROWS) {
      bands.push(cut(raster, top, bottom));
      top = y;
    }
    if (top < 0) top = y;
    bottom = y;
  }
  return top < 0 ? bands : [...bands, cut(raster, top, bottom)];
}

function isBlack({ gray, width }: Raster, x: number, y: number): boolean {
  return x < width && (gray[y * width + x] ?? 255) < BLACK_BELOW;
}

function hasBlack(raster: Raster, y: number): boolean {
  for (let x = 0; x < raster.width; x++) if (isBlack(raster, x, y)) return true;
  return false;
}

function cut(raster: Raster, top: number, bottom: number): Band {
  let left = raster.width;
  let right = 0;
  for (let y = top; y <= bottom; y++) {
    for (let x = 0; x < raster.width; x++) {
      if (!isBlack(raster, x, y)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
  }
  const bytesPerRow = Math.ceil((right - left + 1) / 8);
  const rows = bottom - top + 1;
  const bits = new Uint8Array(bytesPerRow * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column <= right - left; column++) {
      if (!isBlack(raster, left + column, top + row)) continue;
      const at = row * bytesPerRow + (column >> 3);
      bits[at] = (bits[at] ?? 0) | (0x80 >> (column & 7));
    }
  }
  return { x: left, y: top, bytesPerRow, rows, bits };
}
