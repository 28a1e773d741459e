import { z } from 'zod';
import { durationMs, recipeFile, stepCommon } from '../common.ts';
import { llsyncId, llsyncInput, llsyncOutput } from '../llsync.ts';
import { bleTimeoutMs } from '../ble.ts';
import { llsyncNameMistakes } from './llsync-name-mistakes.ts';
import { defineVerb, lacksIdentity, timeToConnect, waitWithin } from './verb.ts';

export const llsyncAction = defineVerb({
  verb: 'llsync-action',
  step: z.strictObject({
    verb: z.literal('llsync-action'),
    ...stepCommon,
    /** Thing model in the folder of the recipe, for ids that are names. */
    model: recipeFile.optional(),
    id: llsyncId,
    input: z.array(llsyncInput).max(32).default([]),
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
    about: 'Calls an action of a unit that is bound over LLSync, and measures what it returns.',
    example: `- verb: llsync-action
  id: 0
  input: [{ id: 0, type: int, value: 3 }]
  values: [{ id: 1, name: blinks, limits: { equals: 3 } }]`,
    keys: {
      model: {
        about: 'JSON file of the thing model in the folder of the recipe; with it ids may be names.',
        examples: ['bulb-model.json'],
      },
      id: {
        about: 'Place of the action in the thing model, from 0; or its id, with `model`.',
        examples: [0],
      },
      input: {
        about: 'Parameters that the action gets.',
        examples: [['{ id: 0, type: int, value: 3 }']],
      },
      'input.id': { about: 'Place of the parameter in the input, from 0; or its id.', examples: [0] },
      'input.type': { about: 'Type of the parameter.' },
      'input.value': { about: 'Its value; a text may have placeholders.', examples: [3] },
      values: {
        about: 'Parameters of the output that are measured.',
        examples: [['{ id: 1, name: blinks, limits: { equals: 3 } }']],
      },
      'values.id': { about: 'Place of the parameter in the output, from 0; or its id.', examples: [1] },
      'values.name': { about: 'Name of the value in records.', examples: ['blinks'] },
      answerMs: {
        about: 'How long one answer of the unit is awaited when the station connects, in milliseconds.',
      },
      withinMs: { about: 'How long the action may take, in milliseconds.' },
    },
  },
});
