import { z } from 'zod';
import { stepCommon } from '../common.ts';
import { limitOfExchanges } from '../identity.ts';
import { defineVerb, lacksLogout } from './verb.ts';

export const logOut = defineVerb({
  verb: 'log-out',
  step: z.strictObject({ verb: z.literal('log-out'), ...stepCommon }),
  lacks: lacksLogout,
  repeatOnResume: true,
  deviceMs: (_step, { serial, identity }) =>
    identity === undefined ? serial.commandTimeoutMs : limitOfExchanges(identity.logout),
  doc: {
    about:
      'The unit leaves the cloud. Passes when it was not logged in. A described unit needs `device.identity.logout`.',
    example: '- { verb: log-out }',
  },
});
