import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { failureView, outcome, timeMs } from './common.ts';

/** What happened between station and unit in a run, from its recording. Secrets are masked in recordings. */
export const DIALOGUE_KINDS = [
  'sent',
  'received',
  'request',
  'reply',
  'note',
  'fault',
  'measured',
  'outcome',
] as const;

export const dialogueEntry = z.object({
  /** Its place in the dialogue; ascending. */
  index: z.int().min(0),
  /** Milliseconds since the recording began. */
  atMs: z.number(),
  phase: z.string().nullable(),
  step: z.string().nullable(),
  /** Attempt of the step, from 1. */
  attempt: z.int(),
  kind: z.enum(DIALOGUE_KINDS),
  /** The port of sent and received bytes: `unit`, or a name of another port; `null` for other kinds. */
  port: z.string().nullable(),
  /** Readable text; control characters are written as `\r`, `\x00`. */
  text: z.string(),
  /** Bytes in hex, with a space between them; `null` without bytes. */
  hex: z.string().nullable(),
  /** True when bytes of a secret were replaced by `*`. */
  masked: z.boolean(),
});
export type DialogueEntry = z.infer<typeof dialogueEntry>;

/** What can happen with the provisioning of a run; `report-refused`: the registry refused the report of a device. */
export const PROVISIONING_KINDS = [
  'token-made',
  'report-refused',
  'reported',
  'bound',
  'released',
  'withdrawn',
  'expired',
  'event',
] as const;

export const provisioningMoment = z.object({
  kind: z.enum(PROVISIONING_KINDS),
  /** By the clock of the station. */
  atMs: timeMs,
  /** The device, the owner of `bound`, the id of an event; empty where there is nothing to say. */
  text: z.string(),
  /** Only of an event: its parameters as JSON. */
  params: z.string().nullable(),
});
export type ProvisioningMoment = z.infer<typeof provisioningMoment>;

const attemptView = z.object({
  outcome,
  failure: failureView.nullable(),
  measured: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      unit: z.string().nullable(),
      limits: z.string(),
      outcome,
    }),
  ),
});

const differenceView = z.object({
  /** Time of the replayed run, ms since its start. */
  atMs: z.number(),
  phase: z.string().nullable(),
  step: z.string().nullable(),
  attempt: z.int(),
  text: z.string(),
  /** The recording has no answer to what the run did. */
  unanswered: z.boolean(),
});

const recipeName = z.object({ hash: z.string(), name: z.string(), version: z.string() });

/** A replay of a recording, compared with the recorded run. */
export const replayView = z.object({
  recipe: z.object({ recorded: recipeName, replayed: recipeName }),
  /** `null` when the recording was cut off before the run ended. */
  recorded: outcome.nullable(),
  /** `null` when it depends on something that was not recorded; `firstUnanswered` says what. */
  replayed: outcome.nullable(),
  failure: failureView.nullable(),
  same: z.boolean(),
  sameMeasurements: z.boolean(),
  /** The recording is complete up to this time, ms; `null` when it is complete to its end. */
  completeUntilMs: z.number().nullable(),
  firstUnanswered: differenceView.nullable(),
  steps: z.array(
    z.object({
      phase: z.string(),
      step: z.string(),
      attempt: z.int(),
      recorded: attemptView.nullable(),
      replayed: attemptView.nullable(),
      same: z.boolean(),
      unanswered: z.boolean(),
    }),
  ),
  differences: z.array(differenceView),
});
export type ReplayView = z.infer<typeof replayView>;

/** One for each recording of the run: a run that was resumed after a crash has several. */
const replays = z.object({ replays: z.array(replayView) });

export const recordingCalls = {
  /**
   * The dialogue of a run from entry `from` on. Faults: `not-found`; `file-missing` when the run has no recording or it was
   * removed; `bad-input` for a damaged one.
   */
  'runs.dialogue': call(
    ['support', 'engineer'],
    z.strictObject({
      runId: z.string(),
      from: z.int().min(0).default(0),
      limit: z.int().min(1).max(2000).default(500),
    }),
    z.object({
      entries: z.array(dialogueEntry),
      total: z.int(),
      /** The recording ends before the run did. */
      cutOff: z.boolean(),
    }),
    { automatic: false, atOnce: false },
  ),
  /**
   * What happened with the provisioning of a run, and the events of its device at the registry, oldest first; empty for a run
   * without provisioning. Faults: as `runs.dialogue`.
   */
  'runs.provisioning': call(
    ['support', 'engineer'],
    z.strictObject({ runId: z.string() }),
    z.object({ startedAtMs: timeMs, moments: z.array(provisioningMoment) }),
    { automatic: false, atOnce: false },
  ),
  /** Runs the recorded recipe against the recording. Faults: those of `runs.dialogue`; `recipe-changed`. */
  'runs.replay': call(['support', 'engineer'], z.strictObject({ runId: z.string() }), replays, {
    automatic: false,
    atOnce: false,
  }),
  /**
   * What another recipe would have said: runs it against the recording. A recipe of this station by its hash, or its text.
   * Faults: those of `runs.replay`; `bad-input` for a recipe with mistakes; `serial-malformed` for a recipe of other units.
   */
  'runs.judgeWith': call(
    ['support', 'engineer'],
    z.strictObject({
      runId: z.string(),
      recipe: z.union([
        z.strictObject({ hash: z.string().min(8).max(64) }),
        z.strictObject({ yaml: z.string().min(1).max(1_000_000) }),
      ]),
    }),
    replays,
    { automatic: false, atOnce: false },
  ),
};

/** The names of these calls, which have a handler of their own. */
export type RecordingCall = keyof typeof recordingCalls;
