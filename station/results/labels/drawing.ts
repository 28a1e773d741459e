import type { Face } from './fonts/face.ts';
import type { ModuleMatrix } from './modules.ts';

/**
 * A laid out label or code in printer dots, for all file formats. It determines whether a code can be scanned: whole dots per
 * module, quiet zone.
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
  readonly code: PlacedCode;
  readonly texts: readonly PlacedText[];
}

/** `xDots`, `yDots`: top left corner of the modules, inside the quiet zone. */
export interface PlacedCode {
  readonly matrix: ModuleMatrix;
  readonly xDots: number;
  readonly yDots: number;
  readonly moduleDots: number;
}

/** `sizeDots` is the em. */
export interface PlacedText {
  readonly text: string;
  readonly xDots: number;
  readonly baselineDots: number;
  readonly sizeDots: number;
  readonly face: Face;
}

/** Files for people, and the languages of label printers. */
export const DRAWING_FORMATS = ['svg', 'png', 'pdf', 'zpl', 'tspl'] as const;
export type DrawingFormat = (typeof DRAWING_FORMATS)[number];

const MM_PER_INCH = 25.4;

export function mmToDots(mm: number, dpi: number): number {
  return Math.round((mm * dpi) / MM_PER_INCH);
}

export function dotsToMm(dots: number, dpi: number): number {
  return (dots * MM_PER_INCH) / dpi;
}
