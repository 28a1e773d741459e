import { z } from 'zod';
import { recipeFile, stepCommon } from '../common.ts';
import { defineVerb } from './verb.ts';

export const label = defineVerb({
  verb: 'label',
  step: z.strictObject({
    verb: z.literal('label'),
    ...stepCommon,
    code: z.enum(['qr', 'datamatrix']).default('qr'),
    template: recipeFile.optional(),
  }),
  after: 'burn-triple',
  literalKeys: ['template'],
  doc: {
    about:
      'Makes sure that the label of the unit can be printed when it passes. Needs `burn-triple` before it.',
    example: '- { verb: label, code: qr }',
    keys: {
      code: { about: 'Code on the label without a template.' },
      template: {
        about:
          'A template of labels in the folder of the recipe ([labels.md](labels.md)), of which it becomes a part. Without it the label has the code and the names of the unit, and fits itself to its size.',
        examples: ['unit-60x40.yaml'],
      },
    },
  },
});
