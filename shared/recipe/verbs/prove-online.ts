import { z } from 'zod';
import { stepCommon } from '../common.ts';
import { atModuleOnly, defineVerb } from './verb.ts';

export const proveOnline = defineVerb({
  verb: 'prove-online',
  step: z.strictObject({
    verb: z.literal('prove-online'),
    ...stepCommon,
    confirm: z.enum(['registry', 'registry-if-reachable', 'device']).default('registry-if-reachable'),
  }),
  lacks: atModuleOnly,
  after: 'burn-triple',
  repeatOnResume: true,
  doc: {
    about: `The unit logs in to the cloud with what was burned: the only proof of the whole secret where reading back is
weak. Needs \`burn-triple\` before it. \`confirm\` says who has to have seen the login.`,
    example: '- { verb: prove-online, confirm: registry, timeoutMs: 30000, retries: 1 }',
    keys: {
      confirm: {
        about: `Who has to have seen the login. \`registry\`: the unit says so and the station’s registry sees it; a
registry that cannot be reached ends the step ERROR. \`registry-if-reachable\`: the same, but while the registry cannot be
reached the unit’s own word is enough, and the record says that it was only that. \`device\`: the unit’s own word is enough;
write this for units that log in at Tencent’s cloud, which the station’s registry cannot see.`,
        examples: ['device'],
      },
    },
  },
});
