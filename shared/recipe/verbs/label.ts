import { z } from 'zod';
import { placeholderMistakes } from '../../label/placeholders.ts';
import { LABEL_PRINT_TIMES } from '../../domain/label-print.ts';
import { recipeFile, stepCommon } from '../common.ts';
import type { Mistake } from '../mistake.ts';
import { verbText as text } from '../texts/verb-texts.ts';
import { defineVerb } from './verb.ts';

export const label = defineVerb({
  verb: 'label',
  step: z.strictObject({
    verb: z.literal('label'),
    ...stepCommon,
    code: z.enum(['qr', 'datamatrix']).default('qr'),
    /** Printed after the run has passed: the label shows the identity that was read from the unit. */
    print: z.enum(LABEL_PRINT_TIMES).default('never'),
    copies: z.int().min(1).max(20).default(1),
    /** True: each printed label is scanned and compared with the identity that was read from the unit in this run. */
    scan: z.boolean().default(false),
    template: recipeFile.optional(),
    payload: z.string().min(1).max(1024).optional(),
  }),
  after: 'burn-triple',
  literalKeys: ['template', 'payload'],
  *mistakes({ payload, template, scan }): Iterable<Mistake> {
    if (payload === undefined) return;
    if (template !== undefined) yield { path: ['payload'], message: text('payload-template') };
    if (scan) yield { path: ['scan'], message: text('payload-scan') };
    for (const message of placeholderMistakes(payload)) yield { path: ['payload'], message };
  },
  doc: {
    about:
      'Makes sure that the label of the unit can be printed when it passes. Needs `burn-triple` before it.',
    example: '- { verb: label, code: qr }',
    keys: {
      code: { about: 'Code on the label without a template.' },
      print: {
        about: `When the label printer of the station prints it: \`on-pass\` as soon as the result of a unit that passed is
recorded, \`ask\` when the operator says so, \`never\` only by a person. Until it is printed the next unit of the slot waits.`,
        examples: ['on-pass'],
      },
      copies: { about: 'Labels for each unit.' },
      scan: {
        about: `\`true\`: the operator scans each printed label, which is compared with the identity that was read from the unit in this
run.`,
      },
      payload: {
        about: `Text of the code on a label without a template, in place of the device code of [qr.md](qr.md), so that the app of a brand can scan
it. Placeholders are those of label templates ([labels.md](labels.md#values)); secrets are refused.`,
        examples: ['https://example.com/d?p={productId}&n={deviceName}&m={macHex}'],
      },
      template: {
        about:
          'A template of labels in the folder of the recipe ([labels.md](labels.md)), of which it becomes a part. Without it the label has the code and the names of the unit, and fits itself to its size.',
        examples: ['unit-60x40.yaml'],
      },
    },
  },
});
