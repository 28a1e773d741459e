import { z } from 'zod';
import { SIMULATED_UNITS } from '../domain/simulated-unit.ts';
import { call, topic } from '../rpc/contract.ts';
import { empty, faultView, failureView, outcome, timeMs } from './common.ts';
import { dialogueEntry } from './recordings.ts';
import { recipeTitles } from './runs.ts';
import { promptView } from './slots.ts';

/**
 * Dry runs of recipes: the recipe is executed on a simulated unit, in a process with a station, a registry and a unit of its
 * own. Nothing of it reaches the ledger, the outbox or a port of this station.
 */

const simulatedUnit = z.enum(SIMULATED_UNITS);

const localizedTitle = z.object({ 'zh-CN': z.string(), en: z.string() }).nullable();
const place = z.object({ name: z.string(), title: localizedTitle });

/** One attempt of a step. */
const dryRunStep = z.object({
  phase: z.string(),
  step: z.string(),
  attempt: z.int(),
  outcome,
  ms: z.number(),
  failure: failureView.nullable(),
  measured: z.array(z.string()),
});

/** What the process of a dry run reports, one line of JSON each. */
export const dryRunEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('try.phase'), phase: place }),
  z.object({ event: z.literal('try.step'), step: place, progress: z.number() }),
  z.object({ event: z.literal('try.prompt'), prompt: promptView.nullable() }),
  z.object({
    event: z.literal('try.finished'),
    outcome,
    failure: failureView.nullable(),
    ms: z.number(),
    steps: z.array(dryRunStep),
    dialogue: z.array(dialogueEntry),
  }),
  z.object({ event: z.literal('error'), ...faultView.omit({ details: true }).shape }),
]);
export type DryRunEvent = z.infer<typeof dryRunEvent>;

export const dryRunView = z.object({
  dryRunId: z.string(),
  /** Of the recipe. */
  name: z.string(),
  version: z.string(),
  hash: z.string(),
  recipeTitles,
  unit: simulatedUnit,
  startedBy: z.string(),
  startedAtMs: timeMs,
  /** `ended`: the recipe was executed to its end, with an outcome. `failed`: the dry run itself could not be done. */
  state: z.enum(['running', 'ended', 'failed', 'cancelled']),
  phase: place.nullable(),
  step: place.nullable(),
  /** 0 … 1 over all steps. */
  progress: z.number(),
  prompt: promptView.nullable(),
  outcome: outcome.nullable(),
  failure: failureView.nullable(),
  ms: z.number().nullable(),
  steps: z.array(dryRunStep),
  fault: faultView.nullable(),
});
export type DryRunView = z.infer<typeof dryRunView>;

export const dryRunState = z.object({
  /** False: this program has no simulated units. */
  available: z.boolean(),
  /** The one that is under way, or the last one. */
  current: dryRunView.nullable(),
});
export type DryRunState = z.infer<typeof dryRunState>;

const ENGINEER = ['engineer'] as const;
const dryRunId = z.string().max(64);
const act = { automatic: false, atOnce: false };

export const dryRunCalls = {
  /** Faults: `dry-run-busy` while another one is under way; `tool-missing` without simulated units; `recipe-invalid`. */
  'dryRuns.start': call(
    ENGINEER,
    z.strictObject({
      of: z.union([
        z.strictObject({ draftId: z.string().max(64) }),
        z.strictObject({ hash: z.string().max(64) }),
      ]),
      unit: simulatedUnit,
    }),
    z.object({ dryRunId: z.string() }),
    act,
  ),
  /** Answers the question of the recipe. Faults: `prompt-none`. */
  'dryRuns.answer': call(
    ENGINEER,
    z.strictObject({ dryRunId, promptId: z.string().max(64), answer: z.string().max(1000) }),
    empty,
    { automatic: false, atOnce: true },
  ),
  'dryRuns.cancel': call(ENGINEER, z.strictObject({ dryRunId }), empty, act),
  /** What station and unit said to each other in the last dry run. Faults: `not-found`. */
  'dryRuns.dialogue': call(
    ENGINEER,
    z.strictObject({ dryRunId }),
    z.object({ dialogue: z.array(dialogueEntry) }),
    act,
  ),
};

export const dryRunTopics = {
  dryRun: topic(ENGINEER, { snapshot: dryRunState, delta: dryRunState, apply: (_, next) => next }),
};
