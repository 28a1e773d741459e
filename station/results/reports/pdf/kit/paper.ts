import type { Paper } from '#shared/contract/index.ts';
import type { Language } from '#shared/words/index.ts';

/** Width and height in points of 1/72 inch. */
export const PAPER_POINTS: Readonly<Record<Paper, readonly [width: number, height: number]>> = {
  A4: [595.28, 841.89],
  Letter: [612, 792],
};

/** How a PDF is made. */
export interface PdfStyle {
  readonly language: Language;
  readonly paper: Paper;
  /** Of the printed times; default: that of this computer. */
  readonly timeZone?: string | undefined;
}
