import { z } from 'zod';
import { name, template } from './common.ts';
import { recipeLimits } from './measurement.ts';
import { propertyId } from './thing-property.ts';

/** LLSync has room for 32. */
const llsyncPlace = z.int().min(0).max(31);
/**
 * A property, event, action or parameter: its place in the thing model, from 0; or its id there, where the step names the thing
 * model.
 */
export const llsyncId = z.union([llsyncPlace, propertyId]);

const LLSYNC_TYPES = ['bool', 'int', 'float', 'enum', 'time', 'string'] as const;
const basicType = z.enum(LLSYNC_TYPES);
const basicValue = z.union([z.boolean(), z.number(), template]);

/** A value that the station sends. */
export const llsyncInput = z.strictObject({ id: llsyncId, type: basicType, value: basicValue });
export type LlsyncInput = z.output<typeof llsyncInput>;
export type LlsyncType = LlsyncInput['type'] | 'struct';

/** Type of a property that is set; a struct has its members as the value. */
export const llsyncType = z.enum([...LLSYNC_TYPES, 'struct']);
export const llsyncSet = z.union([basicValue, z.array(llsyncInput).min(1).max(32)]);

/** A value that the unit sends: a measurement with limits. */
export const llsyncOutput = z.strictObject({
  id: llsyncId,
  name,
  unit: z.string().max(16).optional(),
  limits: recipeLimits.optional(),
});
export type LlsyncOutput = z.output<typeof llsyncOutput>;
