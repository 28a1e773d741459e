import { verbText as text } from '../texts/verb-texts.ts';
import { z } from 'zod';
import { shape } from '../texts/shape-texts.ts';
import { durationMs, instrument, stepCommon, template } from '../common.ts';
import { measurement } from '../measurement.ts';
import type { Mistake } from '../mistake.ts';
import { defineVerb, waitWithin } from './verb.ts';

const PLACEHOLDERS = /\$?\{[^{}]*\}/g;
const NOT_OF_NUMBERS = /[^0-9.+\-eE \t]/;

export const measure = defineVerb({
  verb: 'measure',
  step: z
    .strictObject({
      verb: z.literal('measure'),
      ...stepCommon,
      /** A text with variables that earlier steps captured. */
      value: template.min(1).optional(),
      /** The instrument that is asked, with `text`. */
      instrument: instrument.optional(),
      text: template.min(1).optional(),
      withinMs: durationMs.default(10_000),
      measure: z.array(measurement).min(1),
    })
    .refine(
      ({ value, instrument: asked, text: question }) =>
        value === undefined
          ? asked !== undefined && question !== undefined
          : asked === undefined && question === undefined,
      shape('shape-measure-source'),
    ),
  sentText: 'text',
  ownWait: (step) => (step.instrument === undefined ? { keys: [], ms: 0 } : waitWithin(step)),
  *mistakes({ value, measure: specs }): Iterable<Mistake> {
    if (value === undefined) return;
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
    about: `Compares values with limits: those that earlier steps captured, or the answer of an instrument
([instruments.md](instruments.md)).`,
    example: `- { verb: request, text: TEMP?, expect: '^AMB=(\\S+) CHIP=(\\S+)$', capture: { ambient: 1, chip: 2 } }
- verb: measure
  name: self-heating
  value: '\${chip}'
  measure:
    - { name: chip, as: number, unit: °C, limits: { min: '\${ambient}', max: '\${ambient} + 20' } }
- verb: measure
  name: idle-current
  instrument: psu
  text: 'MEAS:CURR?'
  measure: [{ name: idle-current, as: number, scale: 1000, unit: mA, limits: { min: 5, max: 80 } }]`,
    keys: {
      value: { about: 'Text with variables in it. Not beside `instrument`.', examples: ['${chip}'] },
      instrument: { about: 'The instrument that is asked, by its name at the station.', examples: ['psu'] },
      text: { about: 'The question to the instrument.', examples: ['MEAS:CURR?'] },
      withinMs: { about: 'How long the answer of the instrument is awaited, in milliseconds.' },
      measure: {
        about:
          'Values of the text. Of the answer of an instrument, `group` is the place of the value in a list with commas, from 1 on.',
      },
      'measure.group': {
        about: 'Place of the value in the answer of an instrument, from 1 on; the whole text when left out.',
      },
    },
  },
});
