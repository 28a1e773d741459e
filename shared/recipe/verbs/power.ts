import { z } from 'zod';
import { durationMs, stepCommon } from '../common.ts';
import { defineVerb } from './verb.ts';

export const power = defineVerb({
  verb: 'power',
  step: z.strictObject({
    verb: z.literal('power'),
    ...stepCommon,
    /** `cycle`: off, `offMs`, on. */
    to: z.enum(['on', 'off', 'cycle']),
    offMs: durationMs.default(1000),
    settleMs: durationMs.optional(),
  }),
  lacks: ({ board }) => (board === undefined ? 'needs device.board, the relay board of the fixture' : null),
  repeatOnResume: true,
  ownWait: ({ to, offMs, settleMs = 0 }) => ({
    keys: ['offMs', 'settleMs'],
    ms: (to === 'cycle' ? offMs : 0) + settleMs,
  }),
  doc: {
    about: 'Switches the supply of the unit by a relay of the fixture’s board (`device.board`).',
    example: '- { verb: power, to: cycle, offMs: 300 }',
    keys: {
      to: { about: '`cycle`: off, a pause of `offMs`, on.' },
      offMs: { about: 'Pause of a cycle, in milliseconds.' },
      settleMs: {
        about: 'Time until the unit is ready, in milliseconds. That of `device.board` when left out.',
      },
    },
  },
});
