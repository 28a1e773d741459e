import { recipeIssue } from './recipes.ts';
import { z } from 'zod';
import { QUOTA_WARNINGS } from '../domain/bluetooth-quota.ts';
import { START_MODES } from '../domain/start-mode.ts';
import { call, topic } from '../rpc/contract.ts';
import { empty, EVERYONE, timeMs, localizedText } from './common.ts';

/** Characters of a batch's name. */
export const MAX_BATCH_NAME_CHARACTERS = 64;

/** Batches (工单): recipe version, quantity and pool. One batch is active at a time; the operator selects it. */
export const batchView = z.object({
  batchId: z.string(),
  name: z.string(),
  productId: z.string(),
  recipe: z.object({
    name: z.string(),
    version: z.string(),
    hash: z.string(),
    title: localizedText,
    serialExample: z.string(),
    /** True for a production batch: the recipe is locked by its hash. False: a trial. */
    locked: z.boolean(),
    /** True when its units take triples of the pool, so that an empty pool matters. */
    burns: z.boolean(),
  }),
  /** The firmware that its units must have, if the batch specifies one. */
  firmware: z.object({ sha256: z.string(), version: z.string().nullable() }).nullable(),
  /** How its units are started; `null`: the setting of the station. */
  start: z.enum(START_MODES).nullable(),
  quantity: z.int(),
  /** Units whose latest run in this batch passed. */
  passed: z.int(),
  /** Units whose latest run in this batch did not pass. */
  notPassed: z.int(),
  runs: z.int(),
  createdAtMs: timeMs,
  /** When it was closed, after which it takes no runs; `null` while it takes them. */
  closedAtMs: timeMs.nullable(),
});
export type BatchView = z.infer<typeof batchView>;

export const batchState = z.object({
  active: batchView.nullable(),
  batches: z.array(batchView),
  /** How the next unit is started: by the active batch, else by the station, as far as the recipe allows it. */
  starts: z.enum(START_MODES),
});
export type BatchState = z.infer<typeof batchState>;

/** The check of a recipe: its content, or all of its errors. */
export const recipeCheck = z.object({
  recipe: z
    .object({
      name: z.string(),
      version: z.string(),
      hash: z.string(),
      title: localizedText,
      productId: z.string(),
      serialExample: z.string(),
      phases: z.int(),
      steps: z.int(),
    })
    .nullable(),
  issues: z.array(recipeIssue),
});
export type RecipeCheck = z.infer<typeof recipeCheck>;

/**
 * A recipe of the station: a version, for production when it is released, else for a trial; a draft or a shipped example,
 * for a trial.
 */
const recipeChoice = z.union([
  z.strictObject({ hash: z.string().max(64) }),
  z.strictObject({ draftId: z.string().max(64) }),
  z.strictObject({ example: z.string().max(64) }),
]);
export type RecipeChoice = z.infer<typeof recipeChoice>;

/** What a recipe needs besides its units. What is missing may come later; a batch can be made without it. */
export const batchNeeds = z.object({
  productId: z.string(),
  /** True: its units are flashed with the firmware of the batch, so that a batch without one is refused. */
  firmware: z.boolean(),
  /** Instruments that no slot of the station has. */
  instruments: z.array(z.string()),
  /** Programs that the station does not list. */
  programs: z.array(z.string()),
  /** Wi-Fi networks that the station does not have. */
  networks: z.array(z.string()),
  /** True: it switches units by a relay board, and no slot of the station has one. */
  board: z.boolean(),
  /** True: it prints labels by itself, and the station has no label printer. */
  printer: z.boolean(),
  /** What is left of the quota of Bluetooth units of its product; `null` for a product without one. */
  quota: z.object({ left: z.int(), limit: z.int(), warning: z.enum(QUOTA_WARNINGS).nullable() }).nullable(),
  /**
   * Slots whose port is known to have no control lines, for a recipe that works through the boot loader of an ESP32. `again`: names of
   * a step that needs the loader after another one has used the application. `null` when there is no such slot.
   */
  lines: z
    .object({
      slots: z.array(z.number()),
      again: z.object({ loader: z.string(), application: z.string() }).nullable(),
    })
    .nullable(),
});
export type BatchNeeds = z.infer<typeof batchNeeds>;

const recipeYaml = z.string().max(1_000_000);

export const batchCalls = {
  'batches.list': call(EVERYONE, empty, z.object({ batches: z.array(batchView) }), {
    automatic: true,
    atOnce: false,
  }),
  /** `null`: no batch is active. Refused while a slot is running. */
  'batches.select': call(EVERYONE, z.strictObject({ batchId: z.string().nullable() }), batchState, {
    automatic: false,
    atOnce: true,
  }),
  /** Checks a recipe before a batch is created from it. Changes nothing. */
  'batches.check': call(['engineer'], z.strictObject({ recipeYaml }), recipeCheck, {
    automatic: false,
    atOnce: false,
  }),
  /** What a batch of this recipe needs of the station. Changes nothing. Faults: those of `batches.create` for the recipe. */
  'batches.needs': call(
    ['engineer'],
    z
      .strictObject({ recipeYaml: recipeYaml.optional(), recipe: recipeChoice.optional() })
      .refine(
        ({ recipeYaml, recipe }) => (recipeYaml === undefined) !== (recipe === undefined),
        'either recipeYaml or recipe is needed',
      ),
    batchNeeds,
    { automatic: false, atOnce: false },
  ),
  'batches.create': call(
    ['engineer'],
    z
      .strictObject({
        /** The text of a recipe without files, for a trial. */
        recipeYaml: recipeYaml.optional(),
        /** A recipe of the station, in place of a text. */
        recipe: recipeChoice.optional(),
        quantity: z.int().min(1).max(1_000_000),
        name: z.string().min(1).max(MAX_BATCH_NAME_CHARACTERS).optional(),
        firmwareSha256: z.string().optional(),
        start: z.enum(START_MODES).optional(),
      })
      .refine(
        ({ recipeYaml, recipe }) => (recipeYaml === undefined) !== (recipe === undefined),
        'either recipeYaml or recipe is needed',
      ),
    batchView,
    { automatic: false, atOnce: false },
  ),
  /** `null`: the setting of the station. Faults: `bad-input` when its units can only be started by serial number. */
  'batches.setStart': call(
    ['engineer'],
    z.strictObject({ batchId: z.string(), start: z.enum(START_MODES).nullable() }),
    batchView,
    { automatic: false, atOnce: false },
  ),
};

export const batchTopics = {
  batch: topic(EVERYONE, { snapshot: batchState, delta: batchState, apply: (_, next) => next }),
};
