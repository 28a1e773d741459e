import { verbText as text } from '../texts/verb-texts.ts';
import { shape } from '../texts/shape-texts.ts';
import { z } from 'zod';
import { instrument, recipeFile, stepCommon, variableName } from '../common.ts';
import { defineVerb } from './verb.ts';

export const script = defineVerb({
  verb: 'script',
  step: z.strictObject({
    verb: z.literal('script'),
    ...stepCommon,
    file: recipeFile.refine((file) => /\.m?ts$/.test(file), shape('shape-script-file')),
    /** Options of the script; placeholders in texts are filled in. */
    with: z.record(variableName, z.union([z.string().max(1024), z.number(), z.boolean()])).default({}),
    /** Variables that the script sets, so that later steps may name them. */
    sets: z.array(variableName).default([]),
    /** Relays of the fixture's board that the script may switch, besides the unit's own. */
    relays: z.array(z.int().min(0).max(63)).default([]),
    /** Instruments of the station that are lent to the script. */
    instruments: z.array(instrument).max(8).default([]),
  }),
  lacks: ({ board }, { relays }) =>
    relays.length > 0 && board === undefined ? text('script-needs-board') : null,
  variables: ({ sets }) => sets,
  doc: {
    about: 'Runs a TypeScript file in the folder of the recipe, for tests that no verb can do.',
    example: '- { verb: script, file: pwm.ts, with: { channels: 4 }, sets: [lot] }',
    keys: {
      file: { about: 'The TypeScript file, in the folder of the recipe.', examples: ['pwm.ts'] },
      with: {
        about: 'Options of the script. Variables in texts are filled in.',
        examples: [{ channels: 4 }],
      },
      relays: {
        about: 'Relays of the fixture’s board that the script may switch, in addition to that of the unit.',
        examples: [[5, 6]],
      },
      instruments: {
        about: 'Instruments of the station that the script uses. They are lent to it together, for the step.',
        examples: [['psu']],
      },
      sets: { about: 'Variables that the script sets for later steps.', examples: [['lot']] },
    },
  },
});
