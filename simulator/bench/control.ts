import { z } from 'zod';

import { Fault } from '#shared/domain/fault.ts';

import { FAULT_NAMES, writtenFault } from '../faults/index.ts';
import { STIMULI, type Stimulus, type StimulusKind } from '../profiles/index.ts';

const slot = z.number().int().positive();
const unit = z.number().int().positive();

const HANDS = ['place', 'remove', 'power', 'cable', 'fault'];

/** What an operator's hands do at a bench, one line of JSON each. */
const hands = z.union([
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

/** What happens to a unit, `unit` beside what its kind takes: `{"hear":{"unit":1,"word":"打开灯光"}}`. */
const addressed = z.looseObject({ unit });

export type Control =
  z.output<typeof hands> | { readonly stimulus: { readonly unit: number; readonly what: Stimulus } };

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
  const parsed = hands.safeParse(json);
  if (parsed.success) return parsed.data;
  const stimulus = parseStimulus(json);
  if (stimulus !== null) return { stimulus };
  const words = [...HANDS, ...Object.keys(STIMULI)];
  throw new Fault('bad-input', `a control line is none of ${words.join(', ')}, or not as it should be`, {
    hint: 'see docs/simulator.md for what they take',
  });
}

function parseStimulus(json: unknown): { readonly unit: number; readonly what: Stimulus } | null {
  if (typeof json !== 'object' || json === null || Object.keys(json).length !== 1) return null;
  const [kind, value] = Object.entries(json)[0] as [string, unknown];
  if (!isStimulusKind(kind)) return null;
  const whom = addressed.safeParse(value);
  if (!whom.success) return null;
  const { unit: number, ...rest } = whom.data;
  const what = STIMULI[kind].safeParse(rest);
  return what.success ? { unit: number, what: { kind, ...what.data } as Stimulus } : null;
}

function isStimulusKind(kind: string): kind is StimulusKind {
  return Object.hasOwn(STIMULI, kind);
}
