import { z } from 'zod';
import { instrument, stepCommon } from '../common.ts';
import { answer, isOneAnswer, isOneMessage, message, ONE_ANSWER, ONE_MESSAGE } from '../message.ts';
import { defineVerb, instrumentMistakes, lacksFrames, patternOfAnswer, waitWithin } from './verb.ts';

export const request = defineVerb({
  verb: 'request',
  step: z
    .strictObject({
      verb: z.literal('request'),
      ...stepCommon,
      instrument: instrument.optional(),
      ...message,
      ...answer,
    })
    .refine(isOneMessage, ONE_MESSAGE)
    .refine(isOneAnswer, ONE_ANSWER),
  lacks: lacksFrames,
  sentText: 'text',
  mistakes: instrumentMistakes,
  ownWait: waitWithin,
  answerPattern: patternOfAnswer,
  doc: {
    about: `Sends and awaits the answer. FAIL \`device-silent\`: nothing came in time. FAIL \`limit-exceeded\`: something
else came, or a value is outside of its limits.`,
    example: String.raw`- verb: request
  name: supply
  text: ADC?
  expect: '^ADC=(\d+)$'
  retries: 2
  measure:
    - { name: supply, group: 1, as: number, scale: 0.001, unit: V, limits: { min: 3.1, max: 3.5 } }`,
  },
});
