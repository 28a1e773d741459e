import { z } from 'zod';
import { stepCommon } from '../common.ts';
import { atModuleOnly, defineVerb } from './verb.ts';

export const burnTriple = defineVerb({
  verb: 'burn-triple',
  step: z.strictObject({ verb: z.literal('burn-triple'), ...stepCommon }),
  lacks: atModuleOnly,
  after: 'identify',
  repeatOnResume: true,
  doc: {
    about: `Gives the unit its identity: claims a triple from the pool, records the intent, writes the triple, reads it
back. Needs \`identify\` before it. Only for the profile \`at-module\`.`,
    example: '- { verb: burn-triple, retries: 1 }',
  },
});
