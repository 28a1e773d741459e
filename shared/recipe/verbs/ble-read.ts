import { z } from 'zod';
import { bleTimeoutMs, uuid } from '../ble.ts';
import { stepCommon } from '../common.ts';
import { recipeLimits } from '../measurement.ts';
import { defineVerb, timeToConnect, waitForAnswer } from './verb.ts';

export const bleRead = defineVerb({
  verb: 'ble-read',
  step: z.strictObject({
    verb: z.literal('ble-read'),
    ...stepCommon,
    service: uuid,
    characteristic: uuid,
    as: z.enum(['text', 'hex', 'uint8', 'int8', 'uint16']).default('text'),
    unit: z.string().max(16).optional(),
    limits: recipeLimits.optional(),
    answerMs: bleTimeoutMs.default(3000),
  }),
  after: 'identify',
  deviceMs: timeToConnect,
  ownWait: waitForAnswer,
  limits: ({ as, limits }) => [
    {
      path: ['limits'],
      type: as === 'text' || as === 'hex' ? 'text' : 'number',
      limits,
      remedy: 'as: uint8',
    },
  ],
  doc: {
    about: 'Reads a characteristic and compares its value with limits.',
    example:
      "- { verb: ble-read, name: battery, service: '180F', characteristic: '2A19', as: uint8, unit: '%', limits: { min: 20 } }",
    keys: {
      service: { about: 'UUID of the service, in quotes where it looks like a number.', examples: ['180F'] },
      characteristic: { about: 'UUID of the characteristic.', examples: ['2A19'] },
      as: { about: 'Type of its bytes: a text, hex, or a number (little-endian).', examples: ['uint8'] },
    },
  },
});
