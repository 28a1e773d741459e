import { z } from 'zod';
import { stepCommon } from '../common.ts';
import { defineVerb } from './verb.ts';

export const label = defineVerb({
  verb: 'label',
  step: z.strictObject({
    verb: z.literal('label'),
    ...stepCommon,
    code: z.enum(['qr', 'datamatrix']).default('qr'),
  }),
  after: 'burn-triple',
  doc: {
    about:
      'Makes sure that the label of the unit can be printed when it passes. Needs `burn-triple` before it.',
    example: '- { verb: label, code: qr }',
    keys: { code: { about: 'Code on the label.' } },
  },
});
