import { z } from 'zod';
import { FLASH_STAGES } from '../domain/flash.ts';
import { call, topic } from '../rpc/contract.ts';
import {
  empty,
  EVERYONE,
  failureView,
  faultView,
  outcome,
  timeMs,
  unitIdView,
  localizedText,
} from './common.ts';

/** The slots of this station and their runs. */
export const SLOT_STATES = [
  /** The port is missing or cannot be opened; see `fault`. */
  'unavailable',
  'ready',
  'running',
  /** A run has ended and its result is shown; see `acknowledged`. */
  'finished',
] as const;

/** How long a PASS is shown without an action of a person. */
export const PASS_CLEARS_MS = 5000;

/** A prompt of a recipe to the operator at the slot. */
export const promptView = z.object({
  promptId: z.string(),
  /** The step that asks. */
  step: z.string(),
  kind: z.enum(['pass-fail', 'confirm', 'text', 'number', 'choice', 'scan', 'photo']),
  ask: localizedText,
  /** Why the answer before was not accepted, where this is the same question again. */
  refused: localizedText.optional(),
  /** A picture of the recipe, for `recipes.picture`. */
  image: z.string().nullable(),
  choices: z.array(z.object({ value: z.string(), title: localizedText })),
  unit: z.string().nullable(),
  askedAtMs: timeMs,
  /** `null`: it waits until it is answered. */
  endsAtMs: timeMs.nullable(),
});
export type PromptView = z.infer<typeof promptView>;

/** Progress of a transfer to the unit. */
const flashView = z.object({
  stage: z.enum(FLASH_STAGES),
  /** Name of the image, or of the program with the stage `running`; `null` where the stage concerns all. */
  image: z.string().nullable(),
  doneBytes: z.int(),
  totalBytes: z.int(),
  /** `null` before the writing. */
  kbitPerSecond: z.number().nullable(),
  /** What a program of another vendor says of its progress, which is not known in bytes. */
  percent: z.number().min(0).max(100).optional(),
});

export const slotView = z.object({
  slot: z.int().min(1),
  portPath: z.string(),
  state: z.enum(SLOT_STATES),
  fault: faultView.nullable(),
  /** The run in progress, or the run whose result is shown. */
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
        .object({ name: z.string(), title: localizedText.nullable(), index: z.int(), count: z.int() })
        .nullable(),
      step: z.object({ name: z.string(), title: localizedText.nullable() }).nullable(),
      /** 0 … 1 over all steps of the recipe. */
      progress: z.number().min(0).max(1),
      /** The transfer to the unit that is under way; changes at most ten times a second. */
      flash: flashView.nullable(),
      outcome: outcome.nullable(),
      failure: failureView.nullable(),
      /** Instruments that the run waits for, because other slots have them; absent or `null` for none. */
      waitsFor: z.string().nullable().optional(),
      /**
       * A Wi-Fi code that is shown to the unit; absent or `null` for none. Its content is secret: `wifiCodes.shown` has it while it is
       * shown.
       */
      code: z.object({ codeId: z.string(), shownAtMs: timeMs, endsAtMs: timeMs }).nullable().optional(),
      /** An operator asked it to stop; teardown is running. */
      stopping: z.boolean(),
      /** The open prompt. */
      prompt: promptView.nullable(),
    })
    .nullable(),
  /** A transfer to a unit outside of a run, such as a returned one; absent or `null` for none. At most ten changes a second. */
  transfer: flashView.nullable().optional(),
  /**
   * Labels of the unit that passed, which the next unit waits for; absent or `null` for none. `asking`: its run has a prompt about
   * them.
   */
  label: z
    .object({ state: z.enum(['printing', 'asking']), left: z.int() })
    .nullable()
    .optional(),
  /** True unless the slot has a result other than PASS that an operator must acknowledge. */
  acknowledged: z.boolean(),
  /** When a PASS is cleared automatically. */
  clearsAtMs: timeMs.nullable(),
});
export type SlotView = z.infer<typeof slotView>;

export const slotsState = z.object({
  slots: z.array(slotView),
  /** The slot that the operator selected for the next scan or answer. */
  selected: z.int().nullable(),
});
export type SlotsState = z.infer<typeof slotsState>;

export const slotsDelta = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('slot'), slot: slotView }),
  z.object({ kind: z.literal('selected'), selected: z.int().nullable() }),
]);

/** A label that is valid no more. `because`: as support wrote it. */
export const oldLabel = z.object({ deviceName: z.string(), sinceMs: timeMs, because: z.string() });
export type OldLabel = z.infer<typeof oldLabel>;

/** The result of a scan, which the page shows. */
export const scanResult = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('started'),
    slot: z.int(),
    runId: z.string(),
    /** The line was a label whose identity is retired, or that a person declared void: it is to be taken off. */
    oldLabel: oldLabel.optional(),
  }),
  /** All together, without serial numbers. */
  z.object({
    kind: z.literal('started-together'),
    runs: z.array(z.object({ slot: z.int(), runId: z.string() })),
  }),
  z.object({ kind: z.literal('selected'), slot: z.int() }),
  z.object({ kind: z.literal('acknowledged'), slots: z.array(z.int()) }),
  z.object({ kind: z.literal('stopping'), slots: z.array(z.int()) }),
  z.object({ kind: z.literal('answered'), slot: z.int() }),
  /** The line was a badge: its user has signed in at this page. */
  z.object({ kind: z.literal('signed-in'), user: z.string() }),
]);
export type ScanResult = z.infer<typeof scanResult>;

/**
 * When the keys of a line were pressed, from the host that received them, so that the station recognises scanner input
 * however long the call was in transit.
 */
export const pressedKeys = z.strictObject({
  firstMsAgo: z.number().min(0).max(86_400_000),
  lastMsAgo: z.number().min(0).max(86_400_000),
  /** True when the line ended with Enter or Tab. */
  ended: z.boolean(),
  /** True when the first key followed the previous line without a pause: both come from one trigger pull. */
  directlyAfterLine: z.boolean().optional(),
  /** For how long before the first key the host had received all keys; earlier scans are unknown. */
  listeningMs: z.number().min(0).optional(),
  /** True when the text stands for a single key, which cannot be a repeated scan. */
  oneKey: z.boolean().optional(),
});
export type PressedKeys = z.infer<typeof pressedKeys>;

const oneOrAll = z.strictObject({ slot: z.int().min(1).nullable() });

export const slotCalls = {
  /** One scanned line: a serial number, a command of the card (`#GW#…#`), or a user's badge, which signs in. */
  'slots.scan': call(
    EVERYONE,
    z.strictObject({ text: z.string().max(512), pressed: pressedKeys.optional() }),
    scanResult,
    { automatic: false, atOnce: true },
  ),
  /**
   * Tells the station of a scan that starts and answers nothing, such as a line that the page discarded. It has no effect,
   * but the station learns that the label was still in front of the scanner.
   */
  'slots.reportUnusedScan': call(
    EVERYONE,
    z.strictObject({ text: z.string().max(512), pressed: pressedKeys }),
    empty,
    { automatic: false, atOnce: false },
  ),
  /** Acknowledges the result of a slot; `null`: the result that has waited longest. */
  'slots.acknowledge': call(EVERYONE, oneOrAll, z.object({ slots: z.array(z.int()) }), {
    automatic: false,
    atOnce: true,
  }),
  /** Stops one run, or with `null` all runs; teardown is still executed. */
  'slots.stop': call(EVERYONE, oneOrAll, z.object({ slots: z.array(z.int()) }), {
    automatic: false,
    atOnce: false,
  }),
  /** Answers a prompt: `pass` or `fail`, the value of a choice, a number, a text. `pressed` for an answer by keys. */
  'slots.answer': call(
    EVERYONE,
    z.strictObject({
      slot: z.int().min(1),
      promptId: z.string().max(64),
      answer: z.string().max(1024),
      pressed: pressedKeys.optional(),
    }),
    empty,
    { automatic: false, atOnce: true },
  ),
  /**
   * Answers a prompt for a photo with an uploaded PNG, JPEG or WebP. Faults: `prompt-none`, `bad-input` for another file, after
   * which the prompt is still open, `not-found` for an upload of another user.
   */
  'slots.answerPhoto': call(
    EVERYONE,
    z.strictObject({ slot: z.int().min(1), promptId: z.string().max(64), fileId: z.string().max(64) }),
    empty,
    { automatic: false, atOnce: true },
  ),
  'slots.select': call(EVERYONE, oneOrAll, empty, { automatic: false, atOnce: true }),
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
