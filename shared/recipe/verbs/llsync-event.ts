import { z } from 'zod';
import { bleTimeoutMs } from '../ble.ts';
import { durationMs, recipeFile, stepCommon } from '../common.ts';
import { llsyncId, llsyncOutput } from '../llsync.ts';
import { llsyncNameMistakes } from './llsync-name-mistakes.ts';
import { defineVerb, lacksIdentity, timeToConnect, waitWithin } from './verb.ts';

export const llsyncEvent = defineVerb({
  verb: 'llsync-event',
  step: z.strictObject({
    verb: z.literal('llsync-event'),
    ...stepCommon,
    /** Thing model in the folder of the recipe, for ids that are names. */
    model: recipeFile.optional(),
    id: llsyncId,
    values: z.array(llsyncOutput).max(32).default([]),
    answerMs: bleTimeoutMs.default(5000),
    withinMs: durationMs.default(10_000),
  }),
  lacks: lacksIdentity,
  after: 'burn-triple',
  literalKeys: ['model', 'id'],
  deviceMs: timeToConnect,
  ownWait: waitWithin,
  limits: ({ values }) =>
    values.map(({ limits }, index) => ({
      path: ['values', String(index), 'limits'],
      type: 'unknown',
      limits,
    })),
  mistakes: llsyncNameMistakes,
  doc: {
    about:
      'Awaits an event of a unit that is bound over LLSync, and confirms it; one that came since the connection counts too.',
    example:
      '- { verb: llsync-event, id: 0, values: [{ id: 1, name: temperature, limits: { min: 15, max: 35 } }] }',
    keys: {
      model: {
        about: 'JSON file of the thing model in the folder of the recipe; with it ids may be names.',
        examples: ['bulb-model.json'],
      },
      id: { about: 'Place of the event in the thing model, from 0; or its id, with `model`.', examples: [0] },
      values: {
        about: 'Parameters of the event that are measured.',
        examples: [['{ id: 1, name: temperature, limits: { min: 15, max: 35 } }']],
      },
      'values.id': { about: 'Place of the parameter in the event, from 0; or its id.', examples: [1] },
      'values.name': { about: 'Name of the value in records.', examples: ['temperature'] },
      answerMs: {
        about: 'How long one answer of the unit is awaited when the station connects, in milliseconds.',
      },
      withinMs: { about: 'How long the event is awaited, in milliseconds.' },
    },
  },
});
