import { z } from 'zod';
import { DRIFT_RULES } from '../domain/yield/index.ts';
import { call, topic } from '../rpc/contract.ts';
import { EVERYONE, timeMs } from './common.ts';
import { recipeTitles } from './runs.ts';

/** Yield as WATS defines it; docs/yield.md defines the figures. Shares are 0 … 1, `null` for a share of 0. */
const share = z.number().min(0).max(1).nullable();

export const yieldFigures = z.object({
  units: z.int(),
  firstPass: z.int(),
  secondPass: z.int(),
  thirdPass: z.int(),
  lastPass: z.int(),
  /** Units with matching runs whose first run does not match. */
  unitsBegunOutside: z.int(),
  runs: z.int(),
  passedRuns: z.int(),
  /** Runs with neither chip nor serial number. */
  unnamedRuns: z.int(),
  fpy: share,
  spy: share,
  tpy: share,
  lpy: share,
  rty: share,
  try: share,
});

export const paretoItem = z.object({
  code: z.string(),
  phase: z.string(),
  step: z.string(),
  /** The measurement that failed; `null` when the step failed without one. */
  measurement: z.string().nullable(),
  runs: z.int(),
  share: z.number(),
  cumulative: z.number(),
  example: z.string(),
});

const curvePoint = z.object({ atMs: timeMs, units: z.int(), firstPass: z.int(), fpy: share });

/** The step and name of a measurement. */
const place = {
  phase: z.string(),
  step: z.string(),
  name: z.string(),
  unit: z.string().nullable(),
  /** The position on a curve as text. */
  at: z.string().nullable(),
};

export const measuredSeries = z.object({
  ...place,
  capability: z.object({
    n: z.int(),
    mean: z.number(),
    sigma: z.number().nullable(),
    min: z.number(),
    max: z.number(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    cp: z.number().nullable(),
    cpk: z.number().nullable(),
  }),
  /** True when each unit has its own limits, computed from its earlier values. */
  relative: z.boolean(),
  histogram: z.object({ start: z.number(), width: z.number(), counts: z.array(z.int()).readonly() }),
  drift: z.object({
    centre: z.number().nullable(),
    sigma: z.number().nullable(),
    rules: z.array(z.enum(DRIFT_RULES)).readonly(),
    slope: z.number().nullable(),
    reaches: z.object({ limit: z.number(), units: z.int() }).nullable(),
  }),
  /** The latest values, oldest first. */
  recent: z.array(z.number()).readonly(),
  /** Their runs as places in `recentRuns` of the batch. */
  recentRuns: z.array(z.int()).readonly(),
});

export const batchYield = z.object({
  batchId: z.string(),
  figures: yieldFigures,
  phases: z.array(z.object({ phase: z.string(), units: z.int(), firstPass: z.int(), fpy: share })).readonly(),
  pareto: z.array(paretoItem).readonly(),
  measurements: z.array(measuredSeries).readonly(),
  measurementsLeftOut: z.int(),
  /** The ids of the runs that the latest values are of. */
  recentRuns: z.array(z.string()).readonly(),
  curve: z.object({ everyMs: z.int(), points: z.array(curvePoint).readonly() }),
  recipeTitles,
  /** How many of the counted runs were imported; null when they were not asked for. */
  foreignRuns: z.int().nullable(),
});
export type BatchYield = z.infer<typeof batchYield>;

/** The filter: units whose first run meets all conditions. */
export const yieldFilter = z.strictObject({
  fromMs: timeMs.optional(),
  toMs: timeMs.optional(),
  slot: z.int().min(1).optional(),
  station: z.string().optional(),
  operator: z.string().optional(),
  /** A version, or the beginning of a hash. */
  recipe: z.string().optional(),
  /** False: runs that ended ERROR or ABORTED are ignored. */
  stationErrors: z.boolean().optional(),
});

export const yieldCalls = {
  /**
   * Takes up to a minute for a large batch that is not active. `foreign`: with the imported runs of batches of the same name or id; all
   * runs are then counted anew.
   */
  'yield.batch': call(
    ['support', 'engineer'],
    z.strictObject({
      batchId: z.string(),
      filter: yieldFilter.optional(),
      foreign: z.boolean().optional(),
    }),
    batchYield,
    { automatic: false, atOnce: false },
  ),
};

/** A drift warning: units may fail soon. */
export const yieldWarning = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('drift'), ...place, limit: z.number(), units: z.int() }),
  z.object({ kind: z.literal('incapable'), ...place, cpk: z.number() }),
]);
export type YieldWarning = z.infer<typeof yieldWarning>;

/** The yield of the active batch, as far as it is counted. */
export const yieldState = z.object({
  batchId: z.string().nullable(),
  /** `null` without an active batch and while its earlier runs are being counted. */
  figures: yieldFigures.nullable(),
  /**
   * How many runs of all batches are counted; `null` when all but the latest are. After an update of the program the figures
   * of all earlier runs are computed, and figures wait for them.
   */
  counting: z.object({ done: z.int(), total: z.int() }).nullable(),
  /** Intervals of five minutes until the latest unit. */
  lastHour: z.array(curvePoint).readonly(),
  /** The most frequent causes. */
  pareto: z.array(paretoItem).readonly(),
  warnings: z.array(yieldWarning).readonly(),
});
export type YieldState = z.infer<typeof yieldState>;

export const yieldTopics = {
  /** Published once a second at most. */
  yield: topic(EVERYONE, { snapshot: yieldState, delta: yieldState, apply: (_, next) => next }),
};
