import { shape } from './texts/shape-texts.ts';
import { z } from 'zod';
import { durationMs, hexBytes, template, unitPattern } from './common.ts';
import { captures, measurement } from './measurement.ts';

/** Keys of a message to send: exactly one of a text (with a line end), bytes in hex, or the payload of a frame. */
export const message = {
  text: template.optional(),
  /** Line end after a text. */
  end: z.enum(['crlf', 'lf', 'cr', 'none']).default('crlf'),
  hex: hexBytes.optional(),
  frame: hexBytes.optional(),
};

/** Keys of an expected answer: a pattern on its lines, or on the payload of a frame in hex without blanks. */
export const answer = {
  expect: unitPattern.optional(),
  expectFrame: unitPattern.optional(),
  /** False: the pattern is also matched against a line that has no end yet. */
  wholeLines: z.boolean().default(true),
  withinMs: durationMs.default(3000),
  capture: captures.default({}),
  measure: z.array(measurement).default([]),
};

export const ONE_MESSAGE = shape('shape-one-message');
export const ONE_ANSWER = shape('shape-one-answer');

export function isOneMessage(step: { text?: unknown; hex?: unknown; frame?: unknown }): boolean {
  return [step.text, step.hex, step.frame].filter((given) => given !== undefined).length === 1;
}

export function isOneAnswer(step: { expect?: unknown; expectFrame?: unknown }): boolean {
  return (step.expect === undefined) !== (step.expectFrame === undefined);
}
