import { z } from 'zod';
import { stepCommon } from '../common.ts';
import { defineVerb, lacksIdentity } from './verb.ts';

export const unbind = defineVerb({
  verb: 'unbind',
  step: z.strictObject({
    verb: z.literal('unbind'),
    ...stepCommon,
    /** False: a unit that is not connected is told at its next login. */
    connected: z.boolean().default(true),
  }),
  lacks: lacksIdentity,
  doc: {
    about: `Ends the binding that the test has made at the registry, and has the unit told so, which then forgets its owner and its network.
Belongs into the teardown of a recipe that provisions, before the unit logs out; a recipe without it is refused. Passes when the
run has not provisioned the unit. FAIL \`not-online\`: the unit was not connected; it is released at the registry and would still believe that
it is bound. ERROR \`device-bound\`: the unit is bound to another owner.`,
    example: '- { verb: unbind }',
    keys: {
      connected: {
        about: 'The unit must be connected, so that it is told now. With false it is told at its next login.',
        examples: [false],
      },
    },
  },
});
