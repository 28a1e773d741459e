import { z } from 'zod';
import { measurement, recipeLimits } from '../measurement.ts';
import { besideFile, durationMs, name, stepCommon, variableName } from '../common.ts';

/**
 * The unit logs in to the cloud with what was burned. `confirm`: `registry`, the registry must have seen the login;
 * `registry-if-reachable`, that, or the device's own word while the registry is away; `device`, the device's own word, for units
 * that log in at another cloud than this registry.
 */
export const proveOnline = z.strictObject({
  verb: z.literal('prove-online'),
  ...stepCommon,
  confirm: z.enum(['registry', 'registry-if-reachable', 'device']).default('registry-if-reachable'),
});

/** The unit leaves the cloud; nothing happens when it is not logged in. */
export const logOut = z.strictObject({ verb: z.literal('log-out'), ...stepCommon });

const propertyId = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'is not the id of a property');
const propertyValue = z.union([z.string().max(512), z.number(), z.boolean()]);

/** The registry has a property of the unit as it reported it over MQTT, and it is within its limits. */
export const propertyReported = z.strictObject({
  verb: z.literal('property-reported'),
  ...stepCommon,
  property: propertyId,
  limits: recipeLimits.optional(),
  measure: name.optional(),
  unit: z.string().max(16).optional(),
  withinMs: durationMs.default(5000),
});

/** The cloud tells the unit to change properties: it must answer, and report what it was told. */
export const controlProperty = z.strictObject({
  verb: z.literal('control-property'),
  ...stepCommon,
  set: z.record(propertyId, propertyValue).refine((all) => Object.keys(all).length > 0, 'sets nothing'),
  withinMs: durationMs.default(5000),
});

/** The cloud calls an action of the unit, and its output is held against limits; a group of `measure` is an output's id. */
export const callAction = z.strictObject({
  verb: z.literal('call-action'),
  ...stepCommon,
  action: propertyId,
  params: z.record(propertyId, propertyValue).default({}),
  measure: z.array(measurement).default([]),
  withinMs: durationMs.default(5000),
});

/** Everything that the unit reported is as its thing model (物模型) says: known ids, types, ranges, required ones there. */
export const thingModel = z.strictObject({
  verb: z.literal('thing-model'),
  ...stepCommon,
  model: besideFile,
  /** Ids that must have been reported, besides those that the model requires. */
  properties: z.array(propertyId).default([]),
  withinMs: durationMs.default(5000),
});

/**
 * The temporary password (RFC 4226, six digits, counter = Unix seconds / 30, key = DeviceSecret) that a lock of this
 * identity accepts now, for later steps to type in or to compare. The secret itself is never given to a step.
 */
export const temporaryPassword = z.strictObject({
  verb: z.literal('temporary-password'),
  ...stepCommon,
  capture: variableName,
  /** Steps of 30 s away from now: -1 is the one before. */
  step: z.int().min(-10).max(10).default(0),
  /** Something wrong instead, which a lock must refuse. */
  wrong: z.boolean().default(false),
});
