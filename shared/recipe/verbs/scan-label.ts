import { z } from 'zod';
import { recipeFile, durationMs, stepCommon, template, localizedText } from '../common.ts';
import { defineVerb, waitForAnswer } from './verb.ts';

export const scanLabel = defineVerb({
  verb: 'scan-label',
  step: z.strictObject({
    verb: z.literal('scan-label'),
    ...stepCommon,
    ask: localizedText.optional(),
    image: recipeFile.optional(),
    answerMs: durationMs.default(300_000),
    /** `device-code`: the code of the unit's label, which has its names and its MAC; else a text with placeholders. */
    equals: z.union([z.literal('device-code'), template.min(1)]).default('device-code'),
  }),
  after: ({ equals }) => (equals === 'device-code' ? 'burn-triple' : null),
  ownWait: waitForAnswer,
  doc: {
    about: `Asks the operator to scan the label that is on the unit, and fails a label of another unit. Compares with the
burned identity, so that \`burn-triple\` must come before it; with \`equals\` it compares with any text.`,
    example: `- { verb: scan-label, equals: '{serialNumber}' }`,
    keys: {
      ask: { about: 'The question in both languages. “Scan the label on the unit” when left out.' },
      equals: {
        about:
          '`device-code`: the code of the unit’s own label. Any other text: the text that the scan must equal.',
        examples: ['{serialNumber}'],
      },
    },
  },
});
