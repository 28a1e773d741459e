import { yamlText as text } from '../../core/yaml/index.ts';
import { type Document, isPair, isScalar, isSeq, visit } from 'yaml';
import { parseDecimal } from '#shared/domain/exact-number.ts';
import type { Mistake } from '#shared/recipe/index.ts';

/** Numbers of a recipe that cannot be held exactly: a limit of 9007199254740993 would become …992. */
export function numberMistakes(document: Document): Mistake[] {
  const mistakes: Mistake[] = [];
  visit(document, {
    Scalar(key, { value, source }, ancestors) {
      if (typeof value !== 'number' || source === undefined || !/\d/.test(source)) return;
      const read = /^0o/i.test(source) ? ({ ok: true } as const) : parseDecimal(source);
      if (read.ok || key === 'key') return;
      mistakes.push({
        path: pathOf(key, ancestors),
        message: text('number-inexact', source, read.reason),
      });
    },
  });
  return mistakes;
}

function pathOf(key: number | 'key' | 'value' | null, ancestors: readonly unknown[]): (string | number)[] {
  return ancestors.flatMap((ancestor, index): (string | number)[] => {
    if (isPair(ancestor)) return isScalar(ancestor.key) ? [String(ancestor.key.value)] : [];
    if (!isSeq(ancestor)) return [];
    const below = ancestors[index + 1];
    const item = below === undefined ? key : ancestor.items.indexOf(below);
    return typeof item === 'number' ? [item] : [];
  });
}
