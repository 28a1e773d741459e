import { shape } from '../texts/shape-texts.ts';
import { z } from 'zod';
import { durationMs, stepCommon } from '../common.ts';
import { propertyId, propertyValue } from '../thing-property.ts';
import { lacksIdentity, defineVerb } from './verb.ts';

export const controlProperty = defineVerb({
  verb: 'control-property',
  step: z.strictObject({
    verb: z.literal('control-property'),
    ...stepCommon,
    set: z
      .record(propertyId, propertyValue)
      .refine((all) => Object.keys(all).length > 0, shape('shape-sets-nothing')),
    withinMs: durationMs.default(5000),
  }),
  lacks: lacksIdentity,
  after: 'burn-triple',
  // Once for the reply, once for the report.
  ownWait: ({ withinMs }) => ({ keys: ['withinMs'], ms: 2 * withinMs }),
  doc: {
    about: 'The cloud sets properties. The unit must reply, and report the values that were set.',
    example: '- { verb: control-property, set: { power_switch: 1 } }',
    keys: {
      set: { about: 'Values by the ids of properties.', examples: [{ power_switch: 1 }] },
      withinMs: { about: 'How long the reply, and then the report, is awaited, in milliseconds.' },
    },
  },
});
