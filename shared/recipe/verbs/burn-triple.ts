import { z } from 'zod';
import { stepCommon } from '../common.ts';
import { limitOfExchanges } from '../identity.ts';
import { NVS_VISIT_MS } from '../nvs-identity.ts';
import { defineVerb, lacksAtCommands, lacksIdentity, timeToConnect } from './verb.ts';

/** The unit asks the registry, and is given its product secret before. */
const REGISTRATION_MS = 20_000;

export const burnTriple = defineVerb({
  verb: 'burn-triple',
  step: z.strictObject({
    verb: z.literal('burn-triple'),
    ...stepCommon,
    by: z.enum(['station', 'registration']).optional(),
  }),
  lacks: (device, { by }) =>
    lacksIdentity(device) ?? (by === 'registration' ? lacksAtCommands(device) : null),
  after: 'identify',
  repeatOnResume: true,
  // The identity is read, the login ended, the triple written and read back.
  deviceMs: (step, device) => {
    const { serial, identity } = device;
    if (identity === undefined)
      return 4 * serial.commandTimeoutMs + (step.by === 'registration' ? REGISTRATION_MS : 0);
    const { prepare, write, read, nvs } = identity;
    // The unit is read, identified, written, read and identified.
    if (nvs !== undefined) return 5 * NVS_VISIT_MS;
    const exchangesMs = 2 * limitOfExchanges(read) + limitOfExchanges(prepare) + limitOfExchanges(write);
    return exchangesMs + timeToConnect(step, device);
  },
  // Once the intent is recorded, a stop waits until the unit was read back: four exchanges of at most 60 s each.
  settleMs: 300_000,
  doc: {
    about: `Gives the unit its identity: claims a triple from the pool, records the intent, writes the triple, reads it
back. Needs \`identify\` before it. For the profile \`at-module\`, and for a described device with \`device.identity\`.`,
    example: '- { verb: burn-triple, retries: 1 }',
    keys: {
      by: {
        about: `Who gives the unit its secret. \`station\` (also when left out): the station writes it. \`registration\`: the unit gets
the product secret and its name (\`AT+TCPRDINFOSET\`), registers at the registry (\`AT+TCDEVREG\`) and gets the secret that was
leased with the name; for the profile \`at-module\`. The unit must reach the registry as its cloud.`,
        examples: ['registration'],
      },
    },
  },
});
