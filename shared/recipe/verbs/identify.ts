import { z } from 'zod';
import { regex, stepCommon } from '../common.ts';
import { defineVerb } from './verb.ts';

export const identify = defineVerb({
  verb: 'identify',
  step: z.strictObject({
    verb: z.literal('identify'),
    ...stepCommon,
    model: regex.optional(),
    firmware: regex.optional(),
  }),
  repeatOnResume: true,
  literalKeys: ['model', 'firmware'],
  doc: {
    about: `Asks the unit who it is: MAC or chip id, model, firmware version. An AT module has a command for that; a
described device is asked what \`device.identify\` says. Fails a unit whose model or firmware is another.`,
    example: `- { verb: identify, firmware: '^QCloud_AT' }`,
    keys: {
      model: { about: 'Regular expression that the model matches.', examples: ['^JX-12F$'] },
      firmware: { about: 'Regular expression that the firmware version matches.', examples: ['^QCloud_AT'] },
    },
  },
});
