import { Fault } from '#shared/domain/fault.ts';
import { mmToDots, type Drawing, type DrawnText } from './drawing.ts';
import { baselineDots, drawnText, fitText, lineDots, READABLE_TEXT_MM } from './fit-text.ts';
import type { Face } from './fonts/face.ts';
import type { FontBook } from './fonts/font-book.ts';
import { drawnCode, isScannable } from './layout-code.ts';
import type { ModuleMatrix } from './modules.ts';

export interface LabelSize {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly dpi: number;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const MARGIN_MM = 1;
const LARGEST_TEXT_MM = 3.2;
const SMALLEST_TEXT_MM = 1.2;
/** Largest share of the label's width (`beside`) or height (`below`) for the code. */
const CODE_SHARE = { beside: 0.56, below: 0.6 } as const;

/**
 * Lays out code and lines on a label. The text stands beside or below the code, where it can be larger. Lines are broken only
 * when they would be too small. Faults: `bad-input` (code or text would be too small), those of `FontBook.faceFor`.
 */
export function layoutLabel(
  matrix: ModuleMatrix,
  lines: readonly string[],
  size: LabelSize,
  fonts: FontBook,
): Drawing {
  // One face for all lines.
  const face = fonts.faceFor(lines.join(' '));
  const fit = (breakLines: boolean): Drawing[] =>
    (['beside', 'below'] as const)
      .flatMap((arrangement) => arrange(matrix, lines, face, size, arrangement, breakLines) ?? [])
      .toSorted((a, b) => textSize(b) - textSize(a));
  const [whole] = fit(false);
  if (whole !== undefined && textSize(whole) >= mmToDots(READABLE_TEXT_MM, size.dpi)) return whole;
  const best = fit(true)[0] ?? whole;
  if (best !== undefined) return best;
  throw new Fault('bad-input', `the label does not fit on ${size.widthMm} × ${size.heightMm} mm`, {
    hint: 'Use a bigger label, fewer lines or a shorter code.',
  });
}

function arrange(
  matrix: ModuleMatrix,
  lines: readonly string[],
  face: Face,
  size: LabelSize,
  arrangement: 'beside' | 'below',
  breakLines: boolean,
): Drawing | null {
  const { dpi } = size;
  const width = mmToDots(size.widthMm, dpi);
  const height = mmToDots(size.heightMm, dpi);
  const margin = mmToDots(MARGIN_MM, dpi);
  const limits =
    arrangement === 'beside'
      ? { width: CODE_SHARE.beside * width, height: height - 2 * margin }
      : { width: width - 2 * margin, height: CODE_SHARE.below * height };
  const columns = matrix.columns + 2 * matrix.quietModules;
  const rows = matrix.rows + 2 * matrix.quietModules;
  const moduleDots = Math.floor(Math.min(limits.width / columns, limits.height / rows));
  if (!isScannable(moduleDots, dpi)) return null;

  const codeWidth = columns * moduleDots;
  const codeHeight = rows * moduleDots;
  const box: Box =
    arrangement === 'beside'
      ? {
          x: margin + codeWidth,
          y: margin,
          width: width - 2 * margin - codeWidth,
          height: height - 2 * margin,
        }
      : {
          x: margin,
          y: margin + codeHeight,
          width: width - 2 * margin,
          height: height - 2 * margin - codeHeight,
        };
  const texts = placeText(lines, face, box, dpi, breakLines);
  if (texts === null) return null;
  const quietDots = matrix.quietModules * moduleDots;
  const code = drawnCode(
    matrix,
    (arrangement === 'beside' ? margin : Math.floor((width - codeWidth) / 2)) + quietDots,
    (arrangement === 'beside' ? Math.floor((height - codeHeight) / 2) : margin) + quietDots,
    moduleDots,
  );
  const title = lines.join(' · ');
  const { widthMm, heightMm } = size;
  return { dpi, widthMm, heightMm, widthDots: width, heightDots: height, title, items: [code, ...texts] };
}

/** The largest text that fits, in the middle of its box; null when the smallest does not fit. */
function placeText(
  lines: readonly string[],
  face: Face,
  box: Box,
  dpi: number,
  breakLines: boolean,
): DrawnText[] | null {
  const fit = fitText(lines, face, {
    widthDots: box.width,
    heightDots: box.height,
    largestMm: LARGEST_TEXT_MM,
    smallestMm: SMALLEST_TEXT_MM,
    dpi,
    breakLines,
  });
  if (fit === null) return null;
  const { sizeDots, pieces } = fit;
  const height = lineDots(sizeDots);
  const top = box.y + Math.floor((box.height - pieces.length * height) / 2) + baselineDots(face, sizeDots);
  return pieces.map((text, index) =>
    drawnText(text, face, { xDots: box.x, yDots: top + index * height, sizeDots }),
  );
}

function textSize(drawing: Drawing): number {
  return drawing.items.find((item) => item.kind === 'text')?.sizeDots ?? Infinity;
}
