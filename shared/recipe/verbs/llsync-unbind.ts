import { z } from 'zod';
import { bleTimeoutMs } from '../ble.ts';
import { durationMs, stepCommon } from '../common.ts';
import { defineVerb, lacksIdentity, timeToConnect, waitWithin } from './verb.ts';

export const llsyncUnbind = defineVerb({
  verb: 'llsync-unbind',
  step: z.strictObject({
    verb: z.literal('llsync-unbind'),
    ...stepCommon,
    answerMs: bleTimeoutMs.default(5000),
    /** How long an advertisement that shows it free is awaited. */
    withinMs: durationMs.default(10_000),
  }),
  lacks: lacksIdentity,
  after: 'burn-triple',
  deviceMs: timeToConnect,
  ownWait: waitWithin,
  doc: {
    about:
      'Ends the binding of a unit over LLSync, and requires that it advertises itself as free. A unit that is free passes, so that the step may stand in a teardown.',
    example: '- { verb: llsync-unbind }',
    keys: {
      answerMs: { about: 'How long one answer of the unit is awaited, in milliseconds.' },
      withinMs: { about: 'How long an advertisement of the unit is awaited, in milliseconds.' },
    },
  },
});
