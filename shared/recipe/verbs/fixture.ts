import { z } from 'zod';
import { durationMs, stepCommon } from '../common.ts';
import { measurement } from '../measurement.ts';

/** Switches the unit's supply by the fixture's relay board. `cycle` is off, `offMs`, on. */
export const power = z.strictObject({
  verb: z.literal('power'),
  ...stepCommon,
  to: z.enum(['on', 'off', 'cycle']),
  offMs: durationMs.default(1000),
  settleMs: durationMs.optional(),
});

/** Reads an input of the fixture's board: a pin of the unit. Waits until it is as it should be, at most so long. */
export const readPin = z.strictObject({
  verb: z.literal('read-pin'),
  ...stepCommon,
  /** The slot's own number, counted as its relay is, when left out. */
  pin: z.int().min(0).max(63).optional(),
  /** The level, 0 or 1, is the value; its limits say which is right. */
  measure: measurement,
  withinMs: durationMs.default(1000),
});
