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
  deviceMs: (_step, { identify: requests, serial }) =>
    requests === undefined
      ? serial.commandTimeoutMs
      : requests.reduce((sumMs, { withinMs }) => sumMs + withinMs, 0),
  literalKeys: ['model', 'firmware'],
  doc: {
    about: `Reads MAC or chip id, model and firmware version of the unit: with a command of an AT module, or with the requests of
\`device.identify\` of a described device. Fails a unit with another model or firmware.`,
    example: `- { verb: identify, firmware: '^QCloud_AT' }`,
    keys: {
      model: { about: 'Regular expression that the model matches.', examples: ['^JX-12F$'] },
      firmware: { about: 'Regular expression that the firmware version matches.', examples: ['^QCloud_AT'] },
    },
  },
});
