import { z } from 'zod';
import { durationMs, stepCommon } from '../common.ts';
import { measurement } from '../measurement.ts';
import { propertyId, propertyValue } from '../thing-property.ts';
import { defineVerb, lacksIdentity, waitWithin } from './verb.ts';

export const eventReported = defineVerb({
  verb: 'event-reported',
  step: z.strictObject({
    verb: z.literal('event-reported'),
    ...stepCommon,
    event: propertyId,
    /** Values that the event must have; one with others is not taken. */
    params: z.record(propertyId, propertyValue).default({}),
    /** A group is the id of a parameter of the event. */
    measure: z.array(measurement).default([]),
    withinMs: durationMs.default(5000),
  }),
  lacks: lacksIdentity,
  after: 'burn-triple',
  ownWait: waitWithin,
  // A parameter has a type of its own.
  measuredType: ({ as }) => (as === 'text' ? 'unknown' : null),
  doc: {
    about: `The registry received an event of the unit in this run, whose parameters can be measured. An event is taken once: a second step
needs a second event. FAIL \`device-silent\`: no such event came in time. FAIL \`limit-exceeded\`: a parameter is outside its limits.`,
    example: `- verb: event-reported
  event: low_battery
  params: { source: main }
  measure: [{ name: battery, group: level, as: number, unit: "%", limits: { min: 5 } }]`,
    keys: {
      event: { about: 'Id of the event.', examples: ['low_battery'] },
      params: {
        about: 'Parameters that the event must have, by their ids. An event with other values is not taken.',
        examples: [{ source: 'main' }],
      },
      'measure.group': {
        about: 'Id of the parameter. The name of the value when left out.',
        examples: ['level'],
      },
      withinMs: { about: 'How long the event is awaited, in milliseconds.' },
    },
  },
});
