import { z } from 'zod';
import { durationMs, stepCommon } from '../common.ts';
import { defineVerb } from './verb.ts';

export const wait = defineVerb({
  verb: 'wait',
  step: z.strictObject({ verb: z.literal('wait'), ...stepCommon, ms: durationMs }),
  ownWait: ({ ms }) => ({ keys: ['ms'], ms }),
  doc: {
    about: 'Waits.',
    example: '- { verb: wait, ms: 500 }',
    keys: { ms: { about: 'How long, in milliseconds.', examples: [500] } },
  },
});
