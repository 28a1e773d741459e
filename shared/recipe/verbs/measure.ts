import { verbText as text } from '../texts/verb-texts.ts';
import { z } from 'zod';
import { stepCommon, template } from '../common.ts';
import { measurement } from '../measurement.ts';
import type { Mistake } from '../mistake.ts';
import { defineVerb } from './verb.ts';

const PLACEHOLDERS = /\$?\{[^{}]*\}/g;
const NOT_OF_NUMBERS = /[^0-9.+\-eE \t]/;

export const measure = defineVerb({
  verb: 'measure',
  step: z.strictObject({
    verb: z.literal('measure'),
    ...stepCommon,
    /** A text with variables that earlier steps captured. */
    value: template.min(1),
    measure: z.array(measurement).min(1),
  }),
  *mistakes({ value, measure: specs }): Iterable<Mistake> {
    const [character] = NOT_OF_NUMBERS.exec(value.replaceAll(PLACEHOLDERS, '')) ?? [];
    if (character === undefined) return;
    for (const [index, { as }] of specs.entries())
      if (as === 'number')
        yield {
          path: ['measure', index, 'as'],
          message: text('measure-not-number', character),
        };
  },
  doc: {
    about: 'Compares values that earlier steps captured with limits.',
    example: `- { verb: request, text: TEMP?, expect: '^AMB=(\\S+) CHIP=(\\S+)$', capture: { ambient: 1, chip: 2 } }
- verb: measure
  name: self-heating
  value: '\${chip}'
  measure:
    - { name: chip, as: number, unit: °C, limits: { min: '\${ambient}', max: '\${ambient} + 20' } }`,
    keys: {
      value: { about: 'Text with variables in it.', examples: ['${chip}'] },
      measure: {
        about: 'Values of the text. All have the same text; `group` is not used.',
      },
      'measure.group': { about: 'Not used: the value is the whole text.' },
    },
  },
});
