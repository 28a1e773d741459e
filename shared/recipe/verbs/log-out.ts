import { z } from 'zod';
import { stepCommon } from '../common.ts';
import { atModuleOnly, defineVerb } from './verb.ts';

export const logOut = defineVerb({
  verb: 'log-out',
  step: z.strictObject({ verb: z.literal('log-out'), ...stepCommon }),
  lacks: atModuleOnly,
  repeatOnResume: true,
  deviceMs: (_step, { serial }) => serial.commandTimeoutMs,
  doc: {
    about: 'The unit leaves the cloud. Passes when it was not logged in.',
    example: '- { verb: log-out }',
  },
});
