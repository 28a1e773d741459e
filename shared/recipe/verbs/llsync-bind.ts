import { z } from 'zod';
import { bleTimeoutMs } from '../ble.ts';
import { durationMs, stepCommon } from '../common.ts';
import { defineVerb, lacksIdentity, timeToConnect } from './verb.ts';

export const llsyncBind = defineVerb({
  verb: 'llsync-bind',
  step: z.strictObject({
    verb: z.literal('llsync-bind'),
    ...stepCommon,
    answerMs: bleTimeoutMs.default(5000),
    /** How long its advertisement is awaited. */
    withinMs: durationMs.default(5000),
    /** How long a person may take to press the button of a unit that is bound securely. */
    pressMs: durationMs.default(60_000),
  }),
  lacks: lacksIdentity,
  after: 'burn-triple',
  repeatOnResume: true,
  deviceMs: timeToConnect,
  ownWait: ({ withinMs, pressMs }) => ({ keys: ['withinMs', 'pressMs'], ms: withinMs + pressMs }),
  doc: {
    about:
      'Binds the unit over LLSync (service FFE0 or FFE8), as an app does: the unit proves its DeviceSecret, gets a key of this run, and connects with it. A binding that an earlier run of this station has left on the unit is released first; a unit that an app or another station has bound is refused. End the run with llsync-unbind.',
    example: '- { verb: llsync-bind }',
    keys: {
      answerMs: { about: 'How long one answer of the unit is awaited, in milliseconds.' },
      withinMs: { about: 'How long its advertisement is awaited, in milliseconds.' },
      pressMs: {
        about:
          'How long a person may take to press the button, for a unit that wants it; the unit itself may wait less. In milliseconds.',
      },
    },
  },
});
