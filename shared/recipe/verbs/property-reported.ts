import { z } from 'zod';
import { durationMs, name, stepCommon } from '../common.ts';
import { recipeLimits } from '../measurement.ts';
import { propertyId } from '../thing-property.ts';
import { lacksIdentity, defineVerb, waitWithin } from './verb.ts';

export const propertyReported = defineVerb({
  verb: 'property-reported',
  step: z.strictObject({
    verb: z.literal('property-reported'),
    ...stepCommon,
    property: propertyId,
    limits: recipeLimits.optional(),
    measure: name.optional(),
    unit: z.string().max(16).optional(),
    withinMs: durationMs.default(5000),
  }),
  lacks: lacksIdentity,
  after: 'burn-triple',
  ownWait: waitWithin,
  limits: ({ limits }) => [{ path: ['limits'], type: 'unknown', limits }],
  doc: {
    about:
      'The value of a property that the registry received from the unit is within its limits. Needs a unit that is logged in.',
    example: '- { verb: property-reported, property: battery_percentage, unit: "%", limits: { min: 20 } }',
    keys: {
      property: { about: 'Id of the property.', examples: ['battery_percentage'] },
      measure: {
        about: 'Name of the value in records. The id of the property when left out.',
        examples: ['battery'],
      },
      withinMs: { about: 'How long the report is awaited, in milliseconds.' },
    },
  },
});
