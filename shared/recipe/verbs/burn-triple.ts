import { z } from 'zod';
import { stepCommon } from '../common.ts';
import { atModuleOnly, defineVerb } from './verb.ts';

export const burnTriple = defineVerb({
  verb: 'burn-triple',
  step: z.strictObject({ verb: z.literal('burn-triple'), ...stepCommon }),
  lacks: atModuleOnly,
  after: 'identify',
  repeatOnResume: true,
  // The identity is read, the login ended, the triple written and read back.
  deviceMs: (_step, { serial }) => 4 * serial.commandTimeoutMs,
  // Once the intent is recorded, a stop waits until the unit was read back: four exchanges of at most 60 s each.
  settleMs: 300_000,
  doc: {
    about: `Gives the unit its identity: claims a triple from the pool, records the intent, writes the triple, reads it
back. Needs \`identify\` before it. Only for the profile \`at-module\`.`,
    example: '- { verb: burn-triple, retries: 1 }',
  },
});
