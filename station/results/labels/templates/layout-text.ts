import { Fault } from '#shared/domain/fault.ts';
import { labelText as say, type TextElement } from '#shared/label/index.ts';
import { dotsToMm, mmToDots } from '../drawing.ts';
import {
  baselineDots,
  drawnText,
  fitText,
  lineDots,
  READABLE_TEXT_MM,
  type TextFit,
  textWidthDots,
} from '../fit-text.ts';
import { type Face, smallestSizeDots } from '../fonts/face.ts';
import type { FontBook } from '../fonts/font-book.ts';
import type { LaidOutElement } from './laid-out.ts';
import { contentSize, offsetOf, placeOf, pointAt } from './place.ts';

/** Lays out lines of text in their box; all lines have one size. */
export function layoutText(
  element: TextElement,
  lines: readonly string[],
  dpi: number,
  fonts: FontBook,
): LaidOutElement {
  const face = faceOrProblem(lines, fonts);
  if ('problem' in face) return face;
  const place = placeOf(element, dpi, element.rotate);
  const space = contentSize(place);
  const least = smallestSizeDots(face);
  if (mmToDots(element.size, dpi) < least) {
    const message = say('label-text-too-fine', mmText(element.size), mmText(dotsToMm(least, dpi)), dpi);
    return { items: [], problem: { message } };
  }
  const fit = fitLines(element, lines, face, space, dpi);
  if (fit === null) {
    const longest = lines.toSorted((a, b) => b.length - a.length)[0] ?? '';
    // In whole dots a box of 56 mm has 55.96 mm: people know the one that they have set.
    const [width, height] = [space.width, space.height].map(
      (dots) => Math.round(10 * dotsToMm(dots, dpi)) / 10,
    );
    const message = say('label-text-too-long', longest, mmText(width ?? 0), mmText(height ?? 0));
    return { items: [], problem: { message } };
  }
  const { sizeDots, pieces } = fit;
  const height = lineDots(sizeDots);
  const { v: top } = offsetOf(element, space, { width: 0, height: pieces.length * height });
  const items = pieces.map((text, index) => {
    const width = Math.ceil(textWidthDots(text, face, sizeDots));
    const { u } = offsetOf(element, space, { width, height });
    const baseline = top + index * height + baselineDots(face, sizeDots);
    return drawnText(text, face, {
      ...pointAt(place, u, baseline),
      sizeDots,
      turn: element.rotate,
      isBold: element.bold,
    });
  });
  return { items };
}

/** Lines that may be broken are first made smaller, as long as they can be read well. */
function fitLines(
  { size, minSize, wrap }: TextElement,
  lines: readonly string[],
  face: Face,
  space: { readonly width: number; readonly height: number },
  dpi: number,
): TextFit | null {
  const common = { widthDots: space.width, heightDots: space.height, largestMm: size, dpi };
  const whole = fitText(lines, face, {
    ...common,
    smallestMm: wrap ? Math.max(minSize, Math.min(size, READABLE_TEXT_MM)) : minSize,
    breakLines: false,
  });
  if (whole !== null || !wrap) return whole;
  return fitText(lines, face, { ...common, smallestMm: minSize, breakLines: true });
}

/** One face for all lines, or why there is none. */
export function faceOrProblem(
  lines: readonly string[],
  fonts: FontBook,
): Face | (LaidOutElement & { readonly problem: object }) {
  try {
    return fonts.faceFor(lines.join(' '));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return {
      items: [],
      problem: {
        message: say(error.code === 'tool-missing' ? 'label-no-font' : 'label-no-character', lines.join(' ')),
        fault: error,
      },
    };
  }
}

/** Millimetres as people read them. */
export function mmText(mm: number): string {
  return String(Number(mm.toFixed(2)));
}
