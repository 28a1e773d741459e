import { Fault } from '#shared/domain/fault.ts';
import {
  type FilledText,
  fillLabelText,
  type ImageElement,
  type LabelElement,
  labelText as say,
  type LabelTemplate,
  type LabelValues,
  MAX_PICTURES,
  textsOf,
} from '#shared/label/index.ts';
import { mmToDots, type Drawing, type DrawnItem } from '../drawing.ts';
import type { FontBook } from '../fonts/font-book.ts';
import { layoutImage } from './layout-image.ts';
import { layoutSymbol } from './layout-symbol.ts';
import { layoutText } from './layout-text.ts';
import type { LabelProblem, LaidOutElement, LaidOutTemplate } from './laid-out.ts';
import { placeOf } from './place.ts';

/** Characters of all texts and codes, and dots of all pictures: each takes its time to draw, while the slots wait. */
const MAX_CHARACTERS = 5000;
const MAX_PICTURE_DOTS = 4_000_000;

interface LayoutOptions {
  readonly dpi: number;
  readonly fonts: FontBook;
}

/** Lays a template out with the values of a run. Each element that cannot be drawn is named with the reason. */
export function layoutTemplate(
  template: LabelTemplate,
  values: LabelValues,
  options: LayoutOptions,
): LaidOutTemplate {
  const { dpi } = options;
  const { width: widthMm, height: heightMm } = template.size;
  const problems: LabelProblem[] = [];
  const items: DrawnItem[] = [];
  const titles: string[] = [];
  let [characters, pictures, pictureDots] = [0, 0, 0];
  for (const [index, element] of template.elements.entries()) {
    const filled = textsOf(element).map(({ text }) => fillLabelText(text, values));
    const missing = filled.flatMap((text) => text.missing)[0];
    if (missing !== undefined) {
      problems.push({ element: index, message: missing });
      continue;
    }
    characters += filled.reduce((sum, { text }) => sum + text.length, 0);
    if (element.kind === 'image') {
      pictures += 1;
      pictureDots += dotsOf(element, dpi);
    }
    // A preview is drawn of a template with this mistake, too.
    if (element.kind === 'image' && pictures > MAX_PICTURES) {
      problems.push({ element: index, message: say('label-pictures', MAX_PICTURES) });
      continue;
    }
    if (filled.length > 0 && characters > MAX_CHARACTERS) {
      problems.push({ element: index, message: say('label-too-many-characters', MAX_CHARACTERS) });
      continue;
    }
    if (element.kind === 'image' && pictureDots > MAX_PICTURE_DOTS) {
      problems.push({ element: index, message: say('label-too-many-dots', MAX_PICTURE_DOTS) });
      continue;
    }
    const { items: drawn, problem } = layoutElement(element, filled, options);
    if (problem !== undefined) problems.push({ element: index, ...problem });
    else items.push(...drawn);
    if (element.kind === 'text')
      titles.push(...filled.filter(({ isEmpty }) => !isEmpty).map(({ text }) => text));
  }
  const drawing: Drawing = {
    dpi,
    widthMm,
    heightMm,
    widthDots: mmToDots(widthMm, dpi),
    heightDots: mmToDots(heightMm, dpi),
    title: titles.join(' · ') || template.name,
    items,
  };
  return { drawing, problems };
}

function dotsOf(element: ImageElement, dpi: number): number {
  const { width, height } = placeOf(element, dpi);
  return width * height;
}

/** As `layoutTemplate`, for a label that is printed. Faults: `bad-input` for the first problem, `tool-missing` without a font. */
export function requireTemplateDrawing(
  template: LabelTemplate,
  values: LabelValues,
  options: LayoutOptions,
): Drawing {
  const { drawing, problems } = layoutTemplate(template, values, options);
  const [problem] = problems;
  if (problem === undefined) return drawing;
  if (problem.fault !== undefined) throw problem.fault;
  throw new Fault(
    'bad-input',
    `element ${problem.element + 1} of label ${template.name}: ${problem.message.en}`,
    { hint: 'Change the template, or the value that it shows.' },
  );
}

function layoutElement(
  element: LabelElement,
  filled: readonly FilledText[],
  { dpi, fonts }: LayoutOptions,
): LaidOutElement {
  switch (element.kind) {
    case 'text': {
      const lines = filled.filter(({ isEmpty, text }) => !isEmpty && text !== '').map(({ text }) => text);
      return lines.length === 0 ? { items: [] } : layoutText(element, lines, dpi, fonts);
    }
    case 'qr':
    case 'datamatrix':
    case 'code128':
      return layoutSymbol(element, filled[0]?.text ?? '', dpi, fonts);
    case 'image':
      return layoutImage(element, dpi);
    case 'line': {
      const { x, y, width, height } = placeOf(element, dpi);
      if (width < 1 || height < 1) return { items: [], problem: { message: say('label-nothing') } };
      return { items: [{ kind: 'bar', xDots: x, yDots: y, widthDots: width, heightDots: height }] };
    }
    case 'box': {
      const { x, y, width, height } = placeOf(element, dpi);
      const thick = Math.max(1, Math.min(mmToDots(element.lineWidth, dpi), width, height));
      const bar = (xDots: number, yDots: number, widthDots: number, heightDots: number): DrawnItem => ({
        kind: 'bar',
        xDots,
        yDots,
        widthDots,
        heightDots,
      });
      return {
        items: [
          bar(x, y, width, thick),
          bar(x, y + height - thick, width, thick),
          bar(x, y, thick, height),
          bar(x + width - thick, y, thick, height),
        ],
      };
    }
  }
}
