import { z } from 'zod';
import { durationMs, stepCommon } from '../common.ts';
import { measurement } from '../measurement.ts';
import { propertyId, propertyValue } from '../thing-property.ts';
import { lacksIdentity, defineVerb, waitWithin } from './verb.ts';

export const callAction = defineVerb({
  verb: 'call-action',
  step: z.strictObject({
    verb: z.literal('call-action'),
    ...stepCommon,
    action: propertyId,
    params: z.record(propertyId, propertyValue).default({}),
    /** A group is the id of an output of the action. */
    measure: z.array(measurement).default([]),
    withinMs: durationMs.default(5000),
  }),
  lacks: lacksIdentity,
  after: 'burn-triple',
  ownWait: waitWithin,
  // An output has a type of its own.
  measuredType: ({ as }) => (as === 'text' ? 'unknown' : null),
  doc: {
    about: 'The cloud calls an action of the unit; the output of the action can be measured.',
    example: `- verb: call-action
  action: unlock_remote
  params: { user: 1 }
  measure: [{ name: result, as: number, limits: { equals: 1 } }]`,
    keys: {
      action: { about: 'Id of the action.', examples: ['unlock_remote'] },
      params: { about: 'Input of the action by its ids.', examples: [{ user: 1 }] },
      'measure.group': {
        about: 'Id of the output. The name of the value when left out.',
        examples: ['result'],
      },
      withinMs: { about: 'How long the reply is awaited, in milliseconds.' },
    },
  },
});
