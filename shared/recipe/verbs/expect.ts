import { z } from 'zod';
import { instrument, stepCommon } from '../common.ts';
import { answer, isOneAnswer, ONE_ANSWER } from '../message.ts';
import { defineVerb, instrumentMistakes, lacksFrames, patternOfAnswer, waitWithin } from './verb.ts';

export const expect = defineVerb({
  verb: 'expect',
  step: z
    .strictObject({ verb: z.literal('expect'), ...stepCommon, instrument: instrument.optional(), ...answer })
    .refine(isOneAnswer, ONE_ANSWER),
  lacks: lacksFrames,
  mistakes: instrumentMistakes,
  ownWait: waitWithin,
  answerPattern: patternOfAnswer,
  doc: {
    about:
      'Awaits a message that the unit sends by itself, or has sent since the last step that sent something.',
    example: String.raw`- verb: expect
  name: button
  expect: '^EVENT KEY=(?<key>\d)$'
  withinMs: 10000
  capture: { key: key }`,
  },
});
