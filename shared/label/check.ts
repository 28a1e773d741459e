import { explain, type Mistake } from '../recipe/index.ts';
import type { SourceAt } from '../recipe/check/explain.ts';
import { placeholderMistakes } from './placeholders.ts';
import { type LabelElement, labelTemplate, type LabelTemplate } from './template.ts';
import { labelText as say } from './texts.ts';

/** Tolerance for sums of decimal fractions, mm. */
const EPSILON_MM = 1e-6;
/** A small file may hold a picture that takes long to draw. */
export const MAX_PICTURES = 4;
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/**
 * Checks a template: its shape, its placeholders, and whether its elements are inside the label. What depends on a resolution
 * and on values is found when it is laid out.
 *
 * @param written plain data
 * @param sourceAt source text of a value, for messages
 */
export function checkLabelTemplate(
  written: unknown,
  sourceAt?: SourceAt,
): {
  readonly template: LabelTemplate | null;
  /** The template even with mistakes of meaning, as long as its shape is right. */
  readonly shape: LabelTemplate | null;
  readonly mistakes: readonly Mistake[];
} {
  const read = labelTemplate.safeParse(written);
  if (!read.success) {
    const mistakes = read.error.issues.flatMap((issue) => explain(issue, labelTemplate, written, sourceAt));
    return { template: null, shape: null, mistakes };
  }
  const mistakes = [...templateMistakes(read.data)];
  return { template: mistakes.length === 0 ? read.data : null, shape: read.data, mistakes };
}

function* templateMistakes({ size, elements }: LabelTemplate): Iterable<Mistake> {
  const ids = new Set<string>();
  let pictures = 0;
  for (const [index, element] of elements.entries()) {
    const path = ['elements', index];
    if (
      element.x + element.width > size.width + EPSILON_MM ||
      element.y + element.height > size.height + EPSILON_MM
    )
      yield { path, message: say('label-outside', size.width, size.height) };
    if (element.id !== undefined && ids.has(element.id))
      yield { path: [...path, 'id'], message: say('label-id-twice', element.id) };
    if (element.id !== undefined) ids.add(element.id);
    if (element.kind === 'image' && ++pictures > MAX_PICTURES)
      yield { path, message: say('label-pictures', MAX_PICTURES) };
    if (element.kind === 'text' && element.minSize > element.size)
      yield { path: [...path, 'minSize'], message: say('label-sizes') };
    if (element.kind === 'code128' && !PRINTABLE_ASCII.test(element.value))
      yield { path: [...path, 'value'], message: say('label-code128') };
    for (const { at, text } of textsOf(element))
      for (const message of placeholderMistakes(text)) yield { path: [...path, ...at], message };
  }
}

/** The texts of an element that have placeholders, with their paths in it. */
export function textsOf(
  element: LabelElement,
): { readonly at: readonly (string | number)[]; readonly text: string }[] {
  if (element.kind === 'text') return element.lines.map((text, index) => ({ at: ['lines', index], text }));
  return 'value' in element ? [{ at: ['value'], text: element.value }] : [];
}
