import type { Bitmap } from './bitmap.ts';

/** What a printer puts on its labels after it has received the commands of one. */
export interface Rendering {
  readonly picture: Bitmap;
  /** Labels of this picture. */
  readonly copies: number;
  /** Commands that this printer does not know, or whose data it cannot read, in their order and once each. */
  readonly unknown: readonly string[];
}

/** Draws labels one after another; a printer keeps some settings from one to the next. */
export interface LabelRenderer {
  render(label: Uint8Array): Rendering;
}

/** The most labels of one job. */
export const MAX_COPIES = 1_000;
/** The longest side of a picture in dots: a label of 13 cm at 600 dpi, and more at less. */
const MAX_DOTS = 3_200;

export function sideDots(dots: number): number {
  return Math.max(1, Math.min(MAX_DOTS, Math.round(dots)));
}
