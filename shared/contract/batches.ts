import { z } from 'zod';
import { START_MODES } from '../domain/start-mode.ts';
import { call, topic } from '../rpc/contract.ts';
import { AT_ONCE, empty, EVERYONE, timeMs, words } from './common.ts';

/** Batches (工单): recipe version + quantity + pool. Exactly one is worked on at a time; the operator picks it. */
export const batchView = z.object({
  batchId: z.string(),
  name: z.string(),
  productId: z.string(),
  recipe: z.object({
    name: z.string(),
    version: z.string(),
    hash: z.string(),
    title: words,
    serialExample: z.string(),
    /** Locked by its hash: a production batch. Else it is a trial. */
    locked: z.boolean(),
    /** Its units take triples of the pool; without that, an empty pool concerns nobody. */
    burns: z.boolean(),
  }),
  /** What its units are to run, when it says so. */
  firmware: z.object({ sha256: z.string(), version: z.string().nullable() }).nullable(),
  /** How its units are started; `null`: as the station starts units. */
  start: z.enum(START_MODES).nullable(),
  quantity: z.int(),
  /** Units whose latest run in this batch passed. */
  passed: z.int(),
  /** Units whose latest run in this batch did not pass. */
  notPassed: z.int(),
  runs: z.int(),
  createdAtMs: timeMs,
});
export type BatchView = z.infer<typeof batchView>;

export const batchState = z.object({
  active: batchView.nullable(),
  batches: z.array(batchView),
  /** How the next unit is started: what the active batch says, else the station, as far as the recipe allows it. */
  starts: z.enum(START_MODES),
});
export type BatchState = z.infer<typeof batchState>;

/** A recipe as it would be used, or every place where it is wrong. */
export const recipeCheck = z.object({
  recipe: z
    .object({
      name: z.string(),
      version: z.string(),
      hash: z.string(),
      title: words,
      productId: z.string(),
      serialExample: z.string(),
      phases: z.int(),
      steps: z.int(),
    })
    .nullable(),
  issues: z.array(z.object({ line: z.int(), column: z.int(), message: z.string() })),
});
export type RecipeCheck = z.infer<typeof recipeCheck>;

const recipeYaml = z.string().max(1_000_000);

export const batchCalls = {
  'batches.list': call(EVERYONE, empty, z.object({ batches: z.array(batchView) })),
  /** `null` puts the batch down. Refused while a slot is running. */
  'batches.select': call(EVERYONE, z.strictObject({ batchId: z.string().nullable() }), batchState, AT_ONCE),
  /** What is in a recipe, before a batch is made of it. Changes nothing. */
  'batches.check': call(['engineer'], z.strictObject({ recipeYaml }), recipeCheck),
  'batches.create': call(
    ['engineer'],
    z.strictObject({
      recipeYaml,
      quantity: z.int().min(1).max(1_000_000),
      name: z.string().min(1).max(64).optional(),
      firmwareSha256: z.string().optional(),
      start: z.enum(START_MODES).optional(),
    }),
    batchView,
  ),
  /** `null`: as the station starts units. Faults: `bad-input` where its units can only be started by their numbers. */
  'batches.setStart': call(
    ['engineer'],
    z.strictObject({ batchId: z.string(), start: z.enum(START_MODES).nullable() }),
    batchView,
  ),
};

export const batchTopics = {
  batch: topic(EVERYONE, { snapshot: batchState, delta: batchState, apply: (_, next) => next }),
};
