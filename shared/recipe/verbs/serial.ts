import { z } from 'zod';
import { durationMs, stepCommon, template, unitPattern } from '../common.ts';
import { captures, measurement } from '../measurement.ts';
import { answer, isOneAnswer, isOneMessage, message } from './answer.ts';

/** What a recipe does on the wire to the unit. */
const MESSAGE = 'sends exactly one of: text, hex, frame';
const ANSWER = 'awaits exactly one of: expect, expectFrame';

/** Sends, and awaits nothing. What came before is forgotten. */
export const send = z
  .strictObject({ verb: z.literal('send'), ...stepCommon, ...message })
  .refine(isOneMessage, MESSAGE);

/** Awaits what the unit says by itself, or says since the last thing that was sent. */
export const expect = z
  .strictObject({ verb: z.literal('expect'), ...stepCommon, ...answer })
  .refine(isOneAnswer, ANSWER);

/** Sends and awaits the answer. */
export const request = z
  .strictObject({ verb: z.literal('request'), ...stepCommon, ...message, ...answer })
  .refine(isOneMessage, MESSAGE)
  .refine(isOneAnswer, ANSWER);

/** One AT command and what must come back. */
export const atCommand = z.strictObject({
  verb: z.literal('at-command'),
  ...stepCommon,
  send: template.min(2).max(256),
  expect: unitPattern.optional(),
  capture: captures.default({}),
  measure: z.array(measurement).default([]),
});

export const wait = z.strictObject({ verb: z.literal('wait'), ...stepCommon, ms: durationMs });

/** Holds a text made of variables against limits: a measurement of what earlier steps captured. */
export const measure = z.strictObject({
  verb: z.literal('measure'),
  ...stepCommon,
  value: template.min(1),
  measure: z.array(measurement).min(1),
});

/** Sets the control lines of the port. `breakMs` holds the line in break for so long. */
export const setLines = z
  .strictObject({
    verb: z.literal('set-lines'),
    ...stepCommon,
    dtr: z.boolean().optional(),
    rts: z.boolean().optional(),
    breakMs: durationMs.optional(),
  })
  .refine((s) => s.dtr !== undefined || s.rts !== undefined || s.breakMs !== undefined, 'sets no line');

/** Resets the unit as `device.reset` says. */
export const reset = z.strictObject({ verb: z.literal('reset'), ...stepCommon });
