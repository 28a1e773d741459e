import { z } from 'zod';
import { call, topic } from '../rpc/contract.ts';
import {
  AT_ONCE,
  empty,
  EVERYONE,
  failureView,
  faultView,
  outcome,
  timeMs,
  unitIdView,
  words,
} from './common.ts';

/** The fixture positions of this station and what happens on each, live. */
export const SLOT_STATES = [
  /** Nothing to work with: no port, or it cannot be opened. `fault` says why. */
  'unavailable',
  'ready',
  'running',
  /** A run has ended and its result stands; see `acknowledged`. */
  'finished',
] as const;

/** How long a PASS stays on the screen when nobody does anything (product conventions: 5 s). */
export const PASS_CLEARS_MS = 5000;

/** A question of a recipe to the person at the slot. */
export const promptView = z.object({
  promptId: z.string(),
  /** The step that asks. */
  step: z.string(),
  kind: z.enum(['pass-fail', 'confirm', 'text', 'number', 'choice', 'scan']),
  ask: words,
  /** A picture of the recipe, for `recipes.picture`. */
  image: z.string().nullable(),
  choices: z.array(z.object({ value: z.string(), title: words })),
  unit: z.string().nullable(),
  askedAtMs: timeMs,
  endsAtMs: timeMs,
});
export type PromptView = z.infer<typeof promptView>;

export const slotView = z.object({
  slot: z.int().min(1),
  portPath: z.string(),
  state: z.enum(SLOT_STATES),
  fault: faultView.nullable(),
  /** The run that is under way or whose result stands. */
  run: z
    .object({
      runId: z.string(),
      serialNumber: z.string().nullable(),
      chipId: z.string().nullable(),
      unitId: unitIdView,
      deviceName: z.string().nullable(),
      startedAtMs: timeMs,
      finishedAtMs: timeMs.nullable(),
      phase: z
        .object({ name: z.string(), title: words.nullable(), index: z.int(), count: z.int() })
        .nullable(),
      step: z.object({ name: z.string(), title: words.nullable() }).nullable(),
      /** 0 … 1 over all steps of the recipe. */
      progress: z.number().min(0).max(1),
      outcome: outcome.nullable(),
      failure: failureView.nullable(),
      /** An operator asked it to stop; teardown is running. */
      stopping: z.boolean(),
      /** What it asks the person now. */
      prompt: promptView.nullable(),
    })
    .nullable(),
  /** True when nothing on this slot waits for a person: not finished, or passed, or acknowledged. */
  acknowledged: z.boolean(),
  /** A PASS clears itself at this time. */
  clearsAtMs: timeMs.nullable(),
});
export type SlotView = z.infer<typeof slotView>;

export const slotsState = z.object({
  slots: z.array(slotView),
  /** The slot that the next scan is for, or the next answer when it asks, when the operator chose one. */
  selected: z.int().nullable(),
});
export type SlotsState = z.infer<typeof slotsState>;

export const slotsDelta = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('slot'), slot: slotView }),
  z.object({ kind: z.literal('selected'), selected: z.int().nullable() }),
]);

/** What a scan led to, so that the page can say it. */
export const scanResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), slot: z.int(), runId: z.string() }),
  /** All together, without serial numbers. */
  z.object({
    kind: z.literal('started-together'),
    runs: z.array(z.object({ slot: z.int(), runId: z.string() })),
  }),
  z.object({ kind: z.literal('selected'), slot: z.int() }),
  z.object({ kind: z.literal('acknowledged'), slots: z.array(z.int()) }),
  z.object({ kind: z.literal('stopping'), slots: z.array(z.int()) }),
  z.object({ kind: z.literal('answered'), slot: z.int() }),
]);
export type ScanResult = z.infer<typeof scanResult>;

/**
 * When the keys of a line were pressed, as a host knows that hears them: so that the station can tell what came out of a
 * scanner at once, however long the line was on its way.
 */
export const pressedKeys = z.strictObject({
  firstMsAgo: z.number().min(0).max(86_400_000),
  lastMsAgo: z.number().min(0).max(86_400_000),
  /** An Enter or a Tab was at its end. */
  ended: z.boolean(),
  /** The first key followed the end of another line without a pause: both came out of the scanner together. */
  joined: z.boolean().optional(),
  /** So long before the first key the host had heard every key: what a scanner read before, it does not know. */
  heardForMs: z.number().min(0).optional(),
  /** One key stands for the text: it was not read, so that it is never read twice. */
  oneKey: z.boolean().optional(),
});
export type PressedKeys = z.infer<typeof pressedKeys>;

const oneOrAll = z.strictObject({ slot: z.int().min(1).nullable() });

export const slotCalls = {
  /** One scanned line: a serial number, or a command of the card (`#GW#…#`). */
  'slots.scan': call(
    EVERYONE,
    z.strictObject({ text: z.string().max(512), pressed: pressedKeys.optional() }),
    scanResult,
    AT_ONCE,
  ),
  /**
   * A line that was read and thrown away: by a person, by time, or by the scan behind it. It starts and answers nothing; the
   * station must know that the label still lay before the scanner.
   */
  'slots.noteRead': call(
    EVERYONE,
    z.strictObject({ text: z.string().max(512), pressed: pressedKeys }),
    empty,
  ),
  /** The result was seen. `null`: the one that has waited longest. */
  'slots.acknowledge': call(EVERYONE, oneOrAll, z.object({ slots: z.array(z.int()) }), AT_ONCE),
  /** Stops one run or, with `null`, all; teardown still runs. */
  'slots.stop': call(EVERYONE, oneOrAll, z.object({ slots: z.array(z.int()) })),
  /** Answers what a slot asks: `pass` or `fail`, the value of a choice, a number, a text. `pressed` when by keys. */
  'slots.answer': call(
    EVERYONE,
    z.strictObject({
      slot: z.int().min(1),
      promptId: z.string().max(64),
      answer: z.string().max(1024),
      pressed: pressedKeys.optional(),
    }),
    empty,
    AT_ONCE,
  ),
  'slots.select': call(EVERYONE, oneOrAll, empty, AT_ONCE),
};

export const slotTopics = {
  slots: topic(EVERYONE, {
    snapshot: slotsState,
    delta: slotsDelta,
    apply: (state, delta) =>
      delta.kind === 'selected'
        ? { ...state, selected: delta.selected }
        : { ...state, slots: state.slots.map((s) => (s.slot === delta.slot.slot ? delta.slot : s)) },
  }),
};
