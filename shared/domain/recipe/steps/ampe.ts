import { z } from 'zod';
import { AMPE_ACTIONS } from '../../ampe.ts';
import { durationMs, stepCommon, template, unitPattern, variableName } from '../common.ts';
import { measurement } from '../measurement.ts';

const path = z.string().regex(/^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/, 'is a path as data.sn');

/**
 * One request to a terminal that speaks the AMPE envelope, and its reply; a group of `measure` is a path into the
 * reply, as `data.sn`.
 */
export const ampe = z.strictObject({
  verb: z.literal('ampe'),
  ...stepCommon,
  action: z.enum(AMPE_ACTIONS),
  event: z.enum(['open', 'close']).optional(),
  params: z.record(z.string().max(64), z.union([template, z.number(), z.boolean()])).default({}),
  /** What `success` must be. */
  success: z.boolean().default(true),
  /** A pattern per path of the reply. */
  expect: z.record(path, unitPattern).default({}),
  /** The reply of this task that is waited for; a scanner first says that it is open and later what it read. */
  awaitPath: path.optional(),
  withinMs: durationMs.default(3000),
  capture: z.record(variableName, path).default({}),
  measure: z.array(measurement).default([]),
});
