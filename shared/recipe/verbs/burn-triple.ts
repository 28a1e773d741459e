import { z } from 'zod';
import { stepCommon } from '../common.ts';
import { limitOfExchanges } from '../identity.ts';
import { NVS_VISIT_MS } from '../nvs-identity.ts';
import { defineVerb, lacksIdentity, timeToConnect } from './verb.ts';

export const burnTriple = defineVerb({
  verb: 'burn-triple',
  step: z.strictObject({ verb: z.literal('burn-triple'), ...stepCommon }),
  lacks: lacksIdentity,
  after: 'identify',
  repeatOnResume: true,
  // The identity is read, the login ended, the triple written and read back.
  deviceMs: (_step, device) => {
    const { serial, identity } = device;
    if (identity === undefined) return 4 * serial.commandTimeoutMs;
    const { prepare, write, read, nvs } = identity;
    // The unit is read, identified, written, read and identified.
    if (nvs !== undefined) return 5 * NVS_VISIT_MS;
    const exchangesMs = 2 * limitOfExchanges(read) + limitOfExchanges(prepare) + limitOfExchanges(write);
    return exchangesMs + timeToConnect(_step, device);
  },
  // Once the intent is recorded, a stop waits until the unit was read back: four exchanges of at most 60 s each.
  settleMs: 300_000,
  doc: {
    about: `Gives the unit its identity: claims a triple from the pool, records the intent, writes the triple, reads it
back. Needs \`identify\` before it. For the profile \`at-module\`, and for a described device with \`device.identity\`.`,
    example: '- { verb: burn-triple, retries: 1 }',
  },
});
