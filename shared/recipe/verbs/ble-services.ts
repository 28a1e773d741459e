import { z } from 'zod';
import { uuid } from '../ble.ts';
import { stepCommon } from '../common.ts';
import { defineVerb, timeToConnect } from './verb.ts';

/** Connects when there is no connection, as every Bluetooth step. */
export const bleServices = defineVerb({
  verb: 'ble-services',
  step: z.strictObject({
    verb: z.literal('ble-services'),
    ...stepCommon,
    services: z.array(z.strictObject({ service: uuid, characteristics: z.array(uuid).default([]) })).min(1),
  }),
  after: 'identify',
  deviceMs: timeToConnect,
  doc: {
    about: 'The unit has these services and characteristics.',
    example: "- { verb: ble-services, services: [{ service: '180F', characteristics: ['2A19'] }] }",
    keys: {
      services: { about: 'Services that the unit must have.' },
      'services.service': { about: 'UUID of the service, in quotes.', examples: ['180F'] },
      'services.characteristics': {
        about: 'UUIDs of characteristics that the service must have.',
        examples: [['2A19']],
      },
    },
  },
});
