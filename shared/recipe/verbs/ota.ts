import { z } from 'zod';
import { firmwareVersion } from '../../domain/firmware.ts';
import { durationMs, stepCommon } from '../common.ts';
import { defineVerb, lacksAtCommands, lacksIdentity, waitWithin } from './verb.ts';

/** `to` of a step that installs the firmware of the batch. */
export const BATCH_FIRMWARE = 'batch firmware';

export const ota = defineVerb({
  verb: 'ota',
  step: z.strictObject({
    verb: z.literal('ota'),
    ...stepCommon,
    to: z.union([z.literal(BATCH_FIRMWARE), firmwareVersion]).default(BATCH_FIRMWARE),
    withinMs: durationMs.min(1_000).default(300_000),
    stallMs: durationMs.min(1_000).optional(),
    host: z.enum(['unit', 'station']).default('unit'),
  }),
  lacks: (device, { host }) => lacksIdentity(device) ?? (host === 'unit' ? null : lacksAtCommands(device)),
  after: 'burn-triple',
  ownWait: waitWithin,
  literalKeys: ['to', 'host'],
  doc: {
    about: `Updates the firmware of the unit over the network, as its owner will: the registry tells the unit where the firmware is, the unit
downloads and starts it, and reports the new version. The step ends when the unit has reported it and is online again. The firmware must
be at the registry and online ([firmware.md](firmware.md)). It needs a unit that is logged in; with \`host: unit\` one that takes updates by
itself and logs in again after its restart. At the end of a run an update that the unit has not begun is cancelled.`,
    example: '- { verb: ota, to: batch firmware, withinMs: 600000 }',
    keys: {
      to: {
        about:
          '`batch firmware`: the firmware of the batch. Else a version of the product that is at the registry.',
        examples: ['1.2.0'],
      },
      withinMs: { about: 'How long the update may take until the unit is online again, in milliseconds.' },
      stallMs: {
        about: 'The step also ends when the unit reports nothing new for this time, in milliseconds.',
        examples: [60_000],
      },
      host: {
        about: `Who takes the firmware from the module. \`unit\`: the unit updates itself. \`station\`: for an AT module without its
microcontroller, which only stores firmware. The station does what the microcontroller would: it switches updates on, reads the
whole firmware through the port and compares its MD5, and reports the new version.`,
      },
    },
  },
});
