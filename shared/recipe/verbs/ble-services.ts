import { z } from 'zod';
import { uuid } from '../ble.ts';
import { stepCommon } from '../common.ts';
import { defineVerb, timeToConnect } from './verb.ts';

/** Properties of a characteristic (Core Specification Vol 3 Part G 3.3.1.1). */
const property = z.enum(['read', 'write', 'write-without-response', 'notify', 'indicate', 'broadcast']);

/** A characteristic: its UUID, or one with properties that it must have. */
const characteristic = z.union([
  uuid.transform((of) => ({ uuid: of, properties: [] })),
  z
    .strictObject({ uuid, properties: z.array(property).min(1) })
    .transform((of): { uuid: string; properties: readonly z.infer<typeof property>[] } => of),
]);

/** Connects when there is no connection, as every Bluetooth step. */
export const bleServices = defineVerb({
  verb: 'ble-services',
  step: z.strictObject({
    verb: z.literal('ble-services'),
    ...stepCommon,
    services: z
      .array(z.strictObject({ service: uuid, characteristics: z.array(characteristic).default([]) }))
      .min(1),
  }),
  after: 'identify',
  deviceMs: timeToConnect,
  doc: {
    about: 'The unit has these services and characteristics, and the characteristics have these properties.',
    example: `- verb: ble-services
  services:
    - { service: '180F', characteristics: ['2A19'] }
    - { service: FFF0, characteristics: [{ uuid: FFF2, properties: [read, notify] }] }`,
    keys: {
      services: { about: 'Services that the unit must have.' },
      'services.service': { about: 'UUID of the service, in quotes.', examples: ['180F'] },
      'services.characteristics': {
        about: 'Characteristics that the service must have: a UUID, or `{ uuid, properties }`.',
        examples: [['2A19']],
      },
      'services.characteristics.uuid': {
        about: 'UUID of the characteristic, in quotes.',
        examples: ['2A19'],
      },
      'services.characteristics.properties': {
        about: 'Properties that it must have; it may have others.',
        examples: [['read', 'notify']],
      },
    },
  },
});
