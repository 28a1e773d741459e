import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { EVERYONE, failureView, localizedText, outcome, timeMs, unitIdView } from './common.ts';
import { identityProof } from '../registry-api/events.ts';
import { runFilter } from './run-filter.ts';

/** Runs (一次测试): executions of a recipe on a unit; they are never deleted or overwritten. */
export const runSummary = z.object({
  runId: z.string(),
  batchId: z.string(),
  slot: z.int(),
  serialNumber: z.string().nullable(),
  chipId: z.string().nullable(),
  unitId: unitIdView,
  deviceName: z.string().nullable(),
  outcome: outcome.nullable(),
  /** It passed without a proof that the unit holds its secret. */
  unproven: z.literal(true).optional(),
  startedAtMs: timeMs,
  finishedAtMs: timeMs.nullable(),
  failure: failureView.nullable(),
});
export type RunSummary = z.infer<typeof runSummary>;

const recipeName = z.object({ hash: z.string(), name: z.string(), version: z.string() });

/** A run in a list of runs of several batches. */
export const foundRun = runSummary.extend({
  batchName: z.string(),
  recipe: recipeName,
  station: z.string(),
  operator: z.string(),
});
export type FoundRun = z.infer<typeof foundRun>;

export const measurementView = z.object({
  phase: z.string(),
  step: z.string(),
  attempt: z.int(),
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
  unit: z.string().nullable(),
  limits: z.string(),
  outcome,
});

export const stepView = z.object({
  phase: z.string(),
  step: z.string(),
  attempt: z.int(),
  outcome,
  ms: z.number(),
  failure: failureView.nullable(),
});

/**
 * Titles of phases by their names, and of steps by `phase/step` (`stepPath`; a name has no slash). What has no title is left out.
 */
export const recipeTitles = z.record(z.string(), localizedText);

export const MAX_SEARCH_ROWS = 200;
/** A count stops here: "more than 10,000". */
export const MAX_COUNTED_RUNS = 10_000;

/** A page of runs, newest first. */
export const runPage = z.object({
  runs: z.array(foundRun),
  /** The cursor of the next page in each direction; `null` where there are no more runs. */
  older: z.string().nullable(),
  newer: z.string().nullable(),
});
export type RunPage = z.infer<typeof runPage>;

/** The values that runs of this station have, to choose a filter from. */
export const runChoices = z.object({
  operators: z.array(z.string()),
  stations: z.array(z.string()),
  slots: z.array(z.int()),
  /** The latest first. */
  recipes: z.array(recipeName),
  /** Causes of failures, the most frequent first. */
  failures: z.array(
    z.object({
      code: z.string(),
      phase: z.string(),
      step: z.string(),
      measurement: z.string().nullable(),
      runs: z.int(),
    }),
  ),
  recipeTitles,
});
export type RunChoices = z.infer<typeof runChoices>;

/** What made a run. */
export const runOrigin = z.object({
  batchName: z.string(),
  recipe: recipeName,
  station: z.string(),
  operator: z.string(),
  portPath: z.string(),
  appVersion: z.string(),
  firmwareSha256: z.string().nullable(),
  productId: z.string().nullable(),
  /** True when a recording of the run is on this station. */
  recorded: z.boolean(),
});
export type RunOrigin = z.infer<typeof runOrigin>;

export const runCalls = {
  'runs.list': call(
    EVERYONE,
    z.strictObject({ batchId: z.string(), limit: z.int().min(1).max(1000).default(100) }),
    z.object({ runs: z.array(runSummary) }),
    { automatic: true, atOnce: false },
  ),
  'runs.get': call(
    EVERYONE,
    z.strictObject({ runId: z.string() }),
    z.object({
      run: runSummary,
      /** How the station has verified the identity; `null` when the run burned none. */
      proof: identityProof.nullable(),
      origin: runOrigin,
      steps: z.array(stepView),
      measurements: z.array(measurementView),
      recipeTitles,
    }),
    { automatic: false, atOnce: false },
  ),
  /**
   * Runs of all batches that match, newest first in the order in which they began. `cursor` is `older` or `newer` of a page
   * before, with the same filter; without it the newest runs. Faults: `bad-input` for a cursor that is none.
   */
  'runs.search': call(
    EVERYONE,
    z.strictObject({
      filter: runFilter.default({}),
      direction: z.enum(['older', 'newer']).default('older'),
      cursor: z.string().max(64).nullable().default(null),
      /** Without a cursor: the page that begins with the last run started before this time. */
      atMs: timeMs.optional(),
      limit: z.int().min(1).max(MAX_SEARCH_ROWS).default(50),
    }),
    runPage,
    { automatic: true, atOnce: false },
  ),
  /** Counts at most `max` matching runs; `more` when there are more. */
  'runs.count': call(
    EVERYONE,
    z.strictObject({
      filter: runFilter.default({}),
      max: z.int().min(1).max(MAX_COUNTED_RUNS).default(MAX_COUNTED_RUNS),
    }),
    z.object({ runs: z.int(), more: z.boolean() }),
    { automatic: true, atOnce: false },
  ),
  /** The matching runs before and after a run. */
  'runs.neighbours': call(
    EVERYONE,
    z.strictObject({ runId: z.string(), filter: runFilter.default({}) }),
    z.object({ older: z.string().nullable(), newer: z.string().nullable() }),
    { automatic: true, atOnce: false },
  ),
  'runs.choices': call(EVERYONE, z.strictObject({}), runChoices, { automatic: true, atOnce: false }),
};
