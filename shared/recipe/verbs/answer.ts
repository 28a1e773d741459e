import { z } from 'zod';
import { durationMs, hexBytes, template, unitPattern } from '../common.ts';
import { captures, measurement } from '../measurement.ts';

/** What is sent: exactly one of text (with a line end), bytes in hex, or the payload of a frame of the device's kind. */
export const message = {
  text: template.optional(),
  /** After a text. */
  end: z.enum(['crlf', 'lf', 'cr', 'none']).default('crlf'),
  hex: hexBytes.optional(),
  frame: hexBytes.optional(),
};

/** What must come: a pattern in the lines, or one on the payload of a frame in hex, without blanks. */
export const answer = {
  expect: unitPattern.optional(),
  expectFrame: unitPattern.optional(),
  /** False: the pattern is looked for in what came so far, without waiting for the end of its line. */
  wholeLines: z.boolean().default(true),
  withinMs: durationMs.default(3000),
  capture: captures.default({}),
  measure: z.array(measurement).default([]),
};

export function isOneMessage(step: { text?: unknown; hex?: unknown; frame?: unknown }): boolean {
  return [step.text, step.hex, step.frame].filter((given) => given !== undefined).length === 1;
}

export function isOneAnswer(step: { expect?: unknown; expectFrame?: unknown }): boolean {
  return (step.expect === undefined) !== (step.expectFrame === undefined);
}
