import { z } from 'zod';
import { bleTimeoutMs, uuid } from '../ble.ts';
import { stepCommon, unitPattern } from '../common.ts';
import { recipeLimits } from '../measurement.ts';
import { defineVerb, timeToFind, waitWithin } from './verb.ts';

export const bleAdvertises = defineVerb({
  verb: 'ble-advertises',
  step: z.strictObject({
    verb: z.literal('ble-advertises'),
    ...stepCommon,
    withinMs: bleTimeoutMs.default(5000),
    /** Advertised name; `name` is the step's own. */
    localName: unitPattern.optional(),
    services: z.array(uuid).default([]),
    /** dBm; the median of `samples` advertisements. */
    rssi: recipeLimits.optional(),
    samples: z.int().min(1).max(100).default(5),
  }),
  after: 'identify',
  deviceMs: timeToFind,
  ownWait: waitWithin,
  limits: ({ rssi }) => [{ path: ['rssi'], type: 'number', limits: rssi }],
  doc: {
    about:
      'The unit advertises over Bluetooth in time, with its name and services, and is received with enough strength. Needs `identify` before it.',
    example: `- { verb: ble-advertises, localName: '^LAMP-{macTail}$', services: ['FFF0'], rssi: { min: -75 } }`,
    keys: {
      withinMs: { about: 'How long advertisements are awaited, in milliseconds.' },
      localName: {
        about: 'Regular expression that the advertised name matches.',
        examples: ['^LAMP-{macTail}$'],
      },
      services: { about: 'UUIDs that must be advertised, in quotes.', examples: [['FFF0']] },
      rssi: { about: 'Limits of the RSSI in dBm: the median of `samples`.', examples: [{ min: -75 }] },
      samples: { about: 'How many advertisements are received before the signal is evaluated.' },
    },
  },
});
