import { verbText as text } from '../texts/verb-texts.ts';
import { z } from 'zod';
import { durationMs, stepCommon } from '../common.ts';
import { measurement } from '../measurement.ts';
import { defineVerb, waitWithin } from './verb.ts';

export const readPin = defineVerb({
  verb: 'read-pin',
  step: z.strictObject({
    verb: z.literal('read-pin'),
    ...stepCommon,
    /** Number of the input; the slot's own number, counted as its relay is, when left out. */
    pin: z.int().min(0).max(63).optional(),
    /** The value is the level: 0 or 1. */
    measure: measurement,
    withinMs: durationMs.default(1000),
  }),
  lacks: ({ board }) => (board?.kind === 'numato' ? null : text('needs-inputs')),
  ownWait: waitWithin,
  limits: ({ measure: { limits } }) => [{ path: ['measure', 'limits'], type: 'level', limits }],
  doc: {
    about:
      'Reads an input of the fixture’s board and waits until its level is right. Only for boards of kind `numato`.',
    example: '- { verb: read-pin, name: led, pin: 3, measure: { name: led, limits: { equals: 1 } } }',
    keys: {
      pin: { about: 'Number of the input. The slot’s own number when left out.', examples: [3] },
      measure: {
        about: 'The level, 0 or 1, and its limits.',
        examples: [{ name: 'led', limits: { equals: 1 } }],
      },
      'measure.group': { about: 'Not used: the value is the level.' },
      withinMs: { about: 'How long the right level is awaited, in milliseconds.' },
    },
  },
});
