import { z } from 'zod';
import { instrument, stepCommon } from '../common.ts';
import { isOneMessage, message, ONE_MESSAGE } from '../message.ts';
import { defineVerb, instrumentMistakes, lacksFrames } from './verb.ts';

/** Also discards what the unit sent before. */
export const send = defineVerb({
  verb: 'send',
  step: z
    .strictObject({ verb: z.literal('send'), ...stepCommon, instrument: instrument.optional(), ...message })
    .refine(isOneMessage, ONE_MESSAGE),
  lacks: lacksFrames,
  sentText: 'text',
  mistakes: instrumentMistakes,
  doc: {
    about: 'Sends a text, bytes or a frame, and awaits nothing.',
    example: `- { verb: send, text: LED=1, end: lf }
- { verb: send, hex: '01 64 {macTail}' }`,
  },
});
