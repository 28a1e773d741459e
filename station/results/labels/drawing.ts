import type { Face } from './fonts/face.ts';

/**
 * A laid out label or code in printer dots, for all file formats and printers. It determines whether a code can be scanned:
 * whole dots per module, quiet zone.
 */
export interface Drawing {
  readonly dpi: number;
  /** The size that was asked for; the dots are rounded. */
  readonly widthMm: number;
  readonly heightMm: number;
  readonly widthDots: number;
  readonly heightDots: number;
  /** For screen readers and file properties. */
  readonly title: string;
  readonly items: readonly DrawnItem[];
}

export type DrawnItem = DrawnMatrix | DrawnText | DrawnBar;

/** Black and white fields: a code without its quiet zone, or a picture. `xDots`, `yDots`: top left corner. */
export interface DrawnMatrix {
  readonly kind: 'matrix';
  readonly columns: number;
  readonly rows: number;
  /** Row by row, 1 is dark. */
  readonly dark: Uint8Array;
  readonly xDots: number;
  readonly yDots: number;
  /** Width and height of a field. */
  readonly columnDots: number;
  readonly rowDots: number;
}

/** One line of text. It is turned clockwise around the left end of its baseline, which is at `xDots`, `yDots`. */
export interface DrawnText {
  readonly kind: 'text';
  readonly text: string;
  readonly xDots: number;
  readonly yDots: number;
  /** The em. */
  readonly sizeDots: number;
  readonly face: Face;
  readonly turn: Turn;
  /** True: its strokes are drawn thicker by `boldDots`. */
  readonly isBold: boolean;
}

/** A black rectangle. */
export interface DrawnBar {
  readonly kind: 'bar';
  readonly xDots: number;
  readonly yDots: number;
  readonly widthDots: number;
  readonly heightDots: number;
}

/** Degrees clockwise. */
export type Turn = 0 | 90 | 180 | 270;

/** Files for people, and the languages of label printers. */
export type DrawingFormat = 'svg' | 'png' | 'pdf' | 'zpl' | 'tspl';

/** By how much bold strokes are thicker, as a share of the em. */
const BOLD_EM = 0.06;

export function boldDots(sizeDots: number): number {
  return Math.max(1, Math.round(sizeDots * BOLD_EM));
}

const MM_PER_INCH = 25.4;

export function mmToDots(mm: number, dpi: number): number {
  return Math.round((mm * dpi) / MM_PER_INCH);
}

export function dotsToMm(dots: number, dpi: number): number {
  return (dots * MM_PER_INCH) / dpi;
}
