import { z } from 'zod';
import { stepCommon } from '../common.ts';
import { limitOfExchanges } from '../identity.ts';
import { defineVerb, lacksIdentity, lacksLogin } from './verb.ts';

export const proveOnline = defineVerb({
  verb: 'prove-online',
  step: z.strictObject({
    verb: z.literal('prove-online'),
    ...stepCommon,
    confirm: z.enum(['registry', 'registry-if-reachable', 'device']).default('registry-if-reachable'),
  }),
  lacks: (device, { confirm }) =>
    lacksIdentity(device) ?? (confirm === 'registry' ? null : lacksLogin(device)),
  after: 'burn-triple',
  repeatOnResume: true,
  deviceMs: (_step, { serial, identity }) =>
    identity === undefined ? serial.commandTimeoutMs : limitOfExchanges(identity.login),
  doc: {
    about: `The unit logs in to the cloud with the burned identity. Where the read-back proves only a part of the secret, this is the
only proof of the whole secret. A described unit logs in with \`device.identity.login\`; without it the unit logs in by itself,
and \`confirm\` must be \`registry\`. Needs \`burn-triple\` before it. \`confirm\` defines who must have seen the login.`,
    example: '- { verb: prove-online, confirm: registry, timeoutMs: 30000, retries: 1 }',
    keys: {
      confirm: {
        about: `Who must have seen the login. \`registry\`: the unit reports it and the station’s registry saw it; if the
registry is not reachable, the step ends ERROR. \`registry-if-reachable\`: the same, but while the registry is not reachable
the unit’s report is enough, and the record says so. \`device\`: the unit’s report is enough; for units that log in to
Tencent’s cloud, which the station’s registry cannot see.`,
        examples: ['device'],
      },
    },
  },
});
