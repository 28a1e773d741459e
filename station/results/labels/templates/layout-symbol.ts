import { Fault } from '#shared/domain/fault.ts';
import { labelText as say, type SymbolElement } from '#shared/label/index.ts';
import { encodeBars } from '../bars.ts';
import { dotsToMm, mmToDots } from '../drawing.ts';
import { baselineDots, drawnText, fitText, lineDots, textWidthDots } from '../fit-text.ts';
import type { FontBook } from '../fonts/font-book.ts';
import { isScannable, MIN_MODULE_MM } from '../layout-code.ts';
import { encodeModules, type ModuleMatrix } from '../modules.ts';
import { faceOrProblem, mmText } from './layout-text.ts';
import type { LaidOutElement } from './laid-out.ts';
import { contentSize, offsetOf, placeMatrix, placeOf, pointAt } from './place.ts';

/** The text below bars: at most this high, and this share of the box. */
const CAPTION_MM = 2.8;
const CAPTION_SHARE = 0.35;
const SMALLEST_CAPTION_MM = 1.2;

/** Lays out a code as large as its box allows, with its quiet zone inside the box. */
export function layoutSymbol(
  element: SymbolElement,
  value: string,
  dpi: number,
  fonts: FontBook,
): LaidOutElement {
  if (value === '') return { items: [], problem: { message: say('label-empty-code') } };
  const matrix = encoded(element, value);
  if ('problem' in matrix) return matrix;
  const place = placeOf(element, dpi, element.rotate);
  const space = contentSize(place);
  const columns = matrix.columns + 2 * matrix.quietModules;
  if (element.kind === 'code128') {
    const module = Math.floor(space.width / columns);
    if (!isScannable(module, dpi)) return tooFine(space.width / columns, dpi);
    const caption = element.showText
      ? Math.min(mmToDots(CAPTION_MM, dpi), Math.floor(space.height * CAPTION_SHARE))
      : 0;
    const { u } = offsetOf(element, space, { width: columns * module, height: space.height });
    const bars = placeMatrix(matrix, place, {
      u: u + matrix.quietModules * module,
      v: 0,
      fieldWidth: module,
      fieldHeight: Math.max(1, space.height - lineDots(caption)),
    });
    if (!element.showText) return { items: [bars] };
    const face = faceOrProblem([value], fonts);
    if ('problem' in face) return face;
    const fit = fitText([value], face, {
      widthDots: columns * module,
      heightDots: lineDots(caption),
      largestMm: dotsToMm(caption, dpi),
      smallestMm: SMALLEST_CAPTION_MM,
      dpi,
      breakLines: false,
    });
    if (fit === null) {
      const [width, height] = [dotsToMm(space.width, dpi), dotsToMm(space.height, dpi)];
      return {
        items: [],
        problem: { message: say('label-text-too-long', value, mmText(width), mmText(height)) },
      };
    }
    const width = Math.ceil(textWidthDots(value, face, fit.sizeDots));
    const at = pointAt(
      place,
      u + Math.floor((columns * module - width) / 2),
      space.height - lineDots(caption) + baselineDots(face, fit.sizeDots),
    );
    return { items: [bars, drawnText(value, face, { ...at, sizeDots: fit.sizeDots, turn: element.rotate })] };
  }
  const rows = matrix.rows + 2 * matrix.quietModules;
  const exact = Math.min(space.width / columns, space.height / rows);
  const module = Math.floor(exact);
  if (!isScannable(module, dpi)) return tooFine(exact, dpi);
  const { u, v } = offsetOf(element, space, { width: columns * module, height: rows * module });
  const quiet = matrix.quietModules * module;
  return {
    items: [
      placeMatrix(matrix, place, { u: u + quiet, v: v + quiet, fieldWidth: module, fieldHeight: module }),
    ],
  };
}

function encoded(
  element: SymbolElement,
  value: string,
): ModuleMatrix | (LaidOutElement & { problem: object }) {
  try {
    if (element.kind === 'code128') return encodeBars(value, 1);
    return encodeModules(value, element.kind, element.kind === 'qr' ? element.errorLevel : 'M');
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const message =
      error.code === 'qr-too-long'
        ? say('label-code-too-long')
        : say(element.kind === 'code128' ? 'label-code128' : 'label-code-text');
    return { items: [], problem: { message } };
  }
}

/** @param moduleDots what the box leaves for a module, which is more than what is printed */
function tooFine(moduleDots: number, dpi: number): LaidOutElement {
  const mm = dotsToMm(Math.floor(moduleDots), dpi);
  return { items: [], problem: { message: say('label-too-fine', mmText(mm), String(MIN_MODULE_MM), dpi) } };
}
