import { z } from 'zod';
import { stepCommon, variableName } from '../common.ts';
import { lacksIdentity, defineVerb } from './verb.ts';

/** Source: RFC 4226, six digits; counter = Unix seconds / 30; key = DeviceSecret. */
export const temporaryPassword = defineVerb({
  verb: 'temporary-password',
  step: z.strictObject({
    verb: z.literal('temporary-password'),
    ...stepCommon,
    capture: variableName,
    /** Steps of 30 s away from now; -1 is the one before. */
    step: z.int().min(-10).max(10).default(0),
    /** True: another password, which a lock must refuse. */
    wrong: z.boolean().default(false),
  }),
  lacks: lacksIdentity,
  after: 'burn-triple',
  doc: {
    about: `Computes the temporary password that a lock of this identity accepts now (RFC 4226, six digits), for later
steps to send. The DeviceSecret itself is never given to a step.`,
    example: `- { verb: temporary-password, capture: code }
- { verb: request, text: 'PWD \${code}', expect: '^OPEN$' }`,
    keys: {
      capture: { about: 'Variable that gets the password.', examples: ['code'] },
      step: {
        about: 'Offset from the present password, in steps of 30 s; -1 is the password before.',
        examples: [-1],
      },
      wrong: { about: '`true`: a password that the lock must refuse.' },
    },
  },
});
