import { z } from 'zod';
import { recipeFile, durationMs, stepCommon } from '../common.ts';
import { propertyId } from '../thing-property.ts';
import { lacksIdentity, defineVerb, waitWithin } from './verb.ts';

export const thingModel = defineVerb({
  verb: 'thing-model',
  step: z.strictObject({
    verb: z.literal('thing-model'),
    ...stepCommon,
    model: recipeFile,
    /** Ids that must have been reported, besides those that the model requires. */
    properties: z.array(propertyId).default([]),
    withinMs: durationMs.default(5000),
  }),
  lacks: lacksIdentity,
  after: 'burn-triple',
  ownWait: waitWithin,
  literalKeys: ['model', 'properties'],
  doc: {
    about: `Everything that the unit reported matches its thing model (物模型): known ids, types and ranges, and all required
properties.`,
    example: '- { verb: thing-model, model: camera-model.json, properties: [power_switch] }',
    keys: {
      model: {
        about: 'JSON file of the thing model in the folder of the recipe, as the console exports it.',
        examples: ['camera-model.json'],
      },
      properties: { about: 'Ids that must have been reported besides those that the model requires.' },
      withinMs: { about: 'How long complete reports are awaited, in milliseconds.' },
    },
  },
});
