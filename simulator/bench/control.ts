import { z } from 'zod';

import { Fault } from '#shared/domain/fault.ts';

import { FAULT_NAMES, writtenFault } from '../faults/index.ts';

const slot = z.number().int().positive();
const unit = z.number().int().positive();

/** What an operator's hands do at a bench, one line of JSON each. */
export const control = z.union([
  /** Lays a unit on a fixture, in place of what is there, and switches it on. */
  z.strictObject({ place: z.strictObject({ slot, unit }) }),
  z.strictObject({ remove: z.strictObject({ slot }) }),
  z.strictObject({ power: z.strictObject({ slot, on: z.boolean() }) }),
  /** Pulls the serial cable of a fixture, or puts it back. */
  z.strictObject({ cable: z.strictObject({ slot, plugged: z.boolean() }) }),
  z.strictObject({
    fault: z.strictObject({
      unit,
      clear: z.boolean().optional(),
      remove: z.array(z.enum(FAULT_NAMES)).optional(),
      add: z.array(writtenFault).optional(),
    }),
  }),
]);

export type Control = z.output<typeof control>;

/** Faults: `bad-input` for a line that is no JSON or no control. */
export function parseControl(line: string): Control {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    throw new Fault('bad-input', 'a control line is not JSON', {
      hint: 'write one object per line, for example {"place":{"slot":1,"unit":5}}',
      cause: error,
    });
  }
  const parsed = control.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Fault('bad-input', 'a control line is none of place, remove, power, cable and fault', {
    hint: 'see docs/simulator.md for what they take',
  });
}
