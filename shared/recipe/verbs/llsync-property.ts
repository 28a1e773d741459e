import { z } from 'zod';
import { bleTimeoutMs } from '../ble.ts';
import { durationMs, name, recipeFile, stepCommon } from '../common.ts';
import { llsyncId, llsyncSet, llsyncType } from '../llsync.ts';
import { recipeLimits } from '../measurement.ts';
import { llsyncNameMistakes } from './llsync-name-mistakes.ts';
import { defineVerb, lacksIdentity, timeToConnect, waitWithin } from './verb.ts';

export const llsyncProperty = defineVerb({
  verb: 'llsync-property',
  step: z.strictObject({
    verb: z.literal('llsync-property'),
    ...stepCommon,
    /** Thing model in the folder of the recipe, for ids that are names. */
    model: recipeFile.optional(),
    id: llsyncId,
    /** Type of what is set. */
    type: llsyncType.default('int'),
    /** Left out: nothing is set, and a report is awaited. */
    set: llsyncSet.optional(),
    /** Id of the member whose value is compared, of a struct. */
    member: llsyncId.optional(),
    measure: name.optional(),
    unit: z.string().max(16).optional(),
    limits: recipeLimits.optional(),
    answerMs: bleTimeoutMs.default(5000),
    withinMs: durationMs.default(5000),
  }),
  lacks: lacksIdentity,
  after: 'burn-triple',
  literalKeys: ['model', 'id', 'member'],
  deviceMs: timeToConnect,
  ownWait: waitWithin,
  limits: ({ limits }) => [{ path: ['limits'], type: 'unknown', limits }],
  mistakes: llsyncNameMistakes,
  doc: {
    about:
      'Sets a property of a unit that is bound over LLSync, or awaits a report of it, or both: with `set` and `limits` the unit must report a value within the limits after it was set.',
    example: '- { verb: llsync-property, id: 1, type: int, set: 80, limits: { equals: 80 } }',
    keys: {
      model: {
        about: 'JSON file of the thing model in the folder of the recipe; with it ids may be names.',
        examples: ['bulb-model.json'],
      },
      id: {
        about: 'Place of the property in the thing model, from 0; or its id, with `model`.',
        examples: [1],
      },
      type: { about: 'Type of the value that is set.' },
      set: {
        about: 'The value to set; of a struct a list of its members. Nothing is set when left out.',
        examples: [80],
      },
      'set.id': { about: 'Place of the member of a struct, from 0; or its id.', examples: [0] },
      'set.type': { about: 'Type of the member.' },
      'set.value': { about: 'Value of the member.', examples: [80] },
      member: {
        about: 'Place of the member of a struct that is compared, from 0; or its id.',
        examples: [0],
      },
      measure: {
        about: 'Name of the value in records. `property-<id>` when left out.',
        examples: ['brightness'],
      },
      answerMs: { about: 'How long the answer to `set` is awaited, in milliseconds.' },
      withinMs: { about: 'How long a report within the limits is awaited, in milliseconds.' },
    },
  },
});
