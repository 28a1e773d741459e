import { verbText as text } from '../texts/verb-texts.ts';
import { z } from 'zod';
import { durationMs, stepCommon } from '../common.ts';
import type { Mistake } from '../mistake.ts';
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
  lacks: ({ board }) => (board === undefined ? text('needs-board') : null),
  repeatOnResume: true,
  ownWait: ({ to, offMs, settleMs }, device) => ({
    // That of the board is not a key of the step, and is waited for all the same.
    keys: settleMs === undefined ? [] : ['settleMs'],
    label: `${to === 'cycle' ? 'offMs and ' : ''}settleMs${settleMs === undefined ? ' of device.board' : ''}`,
    ms: (to === 'cycle' ? offMs : 0) + (settleMs ?? device?.board?.settleMs ?? 0),
  }),
  *mistakes({ to }, keys): Iterable<Mistake> {
    if (to !== 'cycle' && keys.includes('offMs')) yield { path: ['offMs'], message: text('power-pause', to) };
  },
  doc: {
    about: 'Switches the supply of the unit by a relay of the fixture’s board (`device.board`).',
    example: '- { verb: power, to: cycle, offMs: 300 }',
    keys: {
      to: { about: '`cycle`: off, a pause of `offMs`, on.' },
      offMs: { about: 'Pause of a cycle, in milliseconds. Only with `to: cycle`.' },
      settleMs: {
        about: 'Time until the unit is ready, in milliseconds. That of `device.board` when left out.',
      },
    },
  },
});
