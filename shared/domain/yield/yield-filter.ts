import { isStationOutcome, type YieldRun } from './yield-run.ts';

/** A filter for runs; a run must meet all given conditions. */
export interface YieldFilter {
  readonly batchId?: string | undefined;
  /** Started at or after, Unix milliseconds. */
  readonly fromMs?: number | undefined;
  /** Started before. */
  readonly toMs?: number | undefined;
  readonly slot?: number | undefined;
  readonly station?: string | undefined;
  readonly operator?: string | undefined;
  /** A recipe's version, or the beginning of its hash (8 digits at least). */
  readonly recipe?: string | undefined;
  /**
   * False: runs with a station outcome (ERROR, ABORTED) are ignored. Default true, as in WATS.
   */
  readonly stationErrors?: boolean | undefined;
}

const HASH_DIGITS = 8;

/** True for a run that counts as a report, whether it matches the other conditions or not. */
export function isReport(run: YieldRun, filter: YieldFilter): boolean {
  return filter.stationErrors !== false || !isStationOutcome(run.outcome);
}

/** True for a run that matches the filter. */
export function matches(run: YieldRun, filter: YieldFilter): boolean {
  const { batchId, fromMs, toMs, slot, station, operator, recipe } = filter;
  if (batchId !== undefined && run.batchId !== batchId) return false;
  if (fromMs !== undefined && run.startedAtMs < fromMs) return false;
  if (toMs !== undefined && run.startedAtMs >= toMs) return false;
  if (slot !== undefined && run.slot !== slot) return false;
  if (station !== undefined && run.station !== station) return false;
  if (operator !== undefined && run.operator !== operator) return false;
  if (recipe === undefined || run.recipeVersion === recipe) return true;
  return recipe.length >= HASH_DIGITS && run.recipeHash.startsWith(recipe.toLowerCase());
}
