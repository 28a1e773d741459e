import {
  countersIn,
  type LabelTemplate,
  type LabelValues,
  measurementsIn,
  sampleLabelValues,
  textsOf,
} from '#shared/label/index.ts';
import type { FontBook } from '../fonts/font-book.ts';
import { layoutTemplate } from './layout-template.ts';
import { readTemplate, type TemplateIssue } from './read-template.ts';

/** Values of a sample unit that has all that the template shows. */
export function sampleValuesOf({ elements }: LabelTemplate): LabelValues {
  const texts = elements.flatMap((element) => textsOf(element).map(({ text }) => text));
  return sampleLabelValues(texts.flatMap(measurementsIn), texts.flatMap(countersIn));
}

/**
 * All that is wrong with a template: its text, and what a sample unit's label would lack at the resolutions. Each issue is
 * told once, with the first resolution that has it.
 */
export function checkTemplate(
  source: string,
  resolutions: readonly number[],
  fonts: FontBook,
): { readonly template: LabelTemplate | null; readonly issues: readonly TemplateIssue[] } {
  const { template, issues, elementAt } = readTemplate(source);
  if (template === null) return { template, issues };
  const values = sampleValuesOf(template);
  const found = new Map<string, TemplateIssue>();
  for (const dpi of resolutions) {
    for (const { element, message } of layoutTemplate(template, values, { dpi, fonts }).problems) {
      const key = `${element} ${message.code}`;
      if (!found.has(key)) found.set(key, { ...elementAt(element), path: `elements.${element}`, message });
    }
  }
  const all = [...found.values()];
  return { template: all.length === 0 ? template : null, issues: all };
}
