import { shape } from '../texts/shape-texts.ts';
import { z } from 'zod';
import { durationMs, stepCommon } from '../common.ts';
import { defineVerb } from './verb.ts';

export const setLines = defineVerb({
  verb: 'set-lines',
  step: z
    .strictObject({
      verb: z.literal('set-lines'),
      ...stepCommon,
      dtr: z.boolean().optional(),
      rts: z.boolean().optional(),
      breakMs: durationMs.optional(),
    })
    .refine(
      (s) => s.dtr !== undefined || s.rts !== undefined || s.breakMs !== undefined,
      shape('shape-sets-no-line'),
    ),
  repeatOnResume: true,
  ownWait: ({ breakMs = 0 }) => ({ keys: ['breakMs'], ms: breakMs }),
  doc: {
    about: 'Sets control lines of the port. At least one of them is given.',
    example: '- { verb: set-lines, dtr: true, rts: false }',
    keys: {
      dtr: { about: 'Level of the line DTR.' },
      rts: { about: 'Level of the line RTS.' },
      breakMs: { about: 'How long the line is held in break, in milliseconds.', examples: [250] },
    },
  },
});
