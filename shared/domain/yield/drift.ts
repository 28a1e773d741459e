/**
 * The rules of Western Electric's Statistical Quality Control Handbook (1956), as the NIST/SEMATECH e-Handbook cites
 * them (6.3.2), for single values: the centre and σ are those of the first units, not of the evaluated values.
 *
 * `WE1` one beyond 3σ · `WE2` two of three beyond 2σ on one side · `WE3` four of five beyond 1σ on one side ·
 * `WE4` eight in a row on one side.
 */
export const DRIFT_RULES = ['WE1', 'WE2', 'WE3', 'WE4'] as const;
export type DriftRule = (typeof DRIFT_RULES)[number];

/** The drift of a measured value. */
export interface Drift {
  /** The baseline: mean and short-term σ of the first units; `null` while there are too few or all are equal. */
  readonly centre: number | null;
  readonly sigma: number | null;
  /** Rules broken at the latest value. */
  readonly rules: readonly DriftRule[];
  /**
   * Change per unit over the latest units, if significant (|t| ≥ 3.3; two-sided p is 0.0026 for 30 values, 0.0013 for
   * 100); else `null`.
   */
  readonly slope: number | null;
  /**
   * The limit that the trend reaches, and after how many units; `null` without a significant slope, without a limit in its
   * direction, and beyond `MAX_REPORTED_UNITS`.
   */
  readonly reaches: { readonly limit: number; readonly units: number } | null;
}

/** The number of first values that make the baseline. */
export const BASELINE_UNITS = 50;
const MIN_BASELINE_UNITS = 20;
/** The number of latest values that make the trend. */
export const RECENT_UNITS = 100;
const MIN_TREND_UNITS = 30;
/** A limit that is further away than this is not reported. */
const MAX_REPORTED_UNITS = 500;
const SIGNIFICANT_T = 3.3;
/** Expected range of two values of a normal distribution, in σ: converts moving ranges into σ. */
const D2 = 1.128;

/** Mean and short-term σ (mean moving range / 1.128) of the first values; `null` for too few or equal ones. */
export function baselineOf(first: readonly number[]): { centre: number; sigma: number } | null {
  if (first.length < MIN_BASELINE_UNITS) return null;
  const centre = first.reduce((sum, value) => sum + value, 0) / first.length;
  const ranges = first.slice(1).reduce((sum, value, index) => sum + Math.abs(value - (first[index] ?? 0)), 0);
  const sigma = ranges / (first.length - 1) / D2;
  return sigma > 0 ? { centre, sigma } : null;
}

/** The rules that are broken at the last of `values`. */
export function brokenRules(values: readonly number[], centre: number, sigma: number): DriftRule[] {
  const z = values.slice(-8).map((value) => (value - centre) / sigma);
  const isBroken = (sigmas: number, windowUnits: number, minBeyond: number): boolean => {
    const window = z.slice(-windowUnits);
    const [end] = window.slice(-1);
    if (window.length < windowUnits || end === undefined) return false;
    // Only the side of the latest value counts: the latest value must break the rule.
    const side = Math.sign(end);
    return end * side > sigmas && window.filter((value) => value * side > sigmas).length >= minBeyond;
  };
  const broken: DriftRule[] = [];
  if (isBroken(3, 1, 1)) broken.push('WE1');
  if (isBroken(2, 3, 2)) broken.push('WE2');
  if (isBroken(1, 5, 4)) broken.push('WE3');
  if (isBroken(0, 8, 8)) broken.push('WE4');
  return broken;
}

/** Linear regression (least squares) over values one unit apart: slope, Student's t, and the last point of the line. */
export function trendOf(values: readonly number[]): { slope: number; t: number; end: number } | null {
  const n = values.length;
  if (n < MIN_TREND_UNITS) return null;
  const middle = (n - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const spreadX = (n * (n * n - 1)) / 12;
  const slope = values.reduce((sum, value, x) => sum + (x - middle) * (value - mean), 0) / spreadX;
  const residualSquares = values.reduce(
    (sum, value, x) => sum + (value - mean - slope * (x - middle)) ** 2,
    0,
  );
  const slopeStandardError = Math.sqrt(residualSquares / (n - 2) / spreadX);
  const t =
    slope === 0 ? 0 : slopeStandardError === 0 ? Math.sign(slope) * Infinity : slope / slopeStandardError;
  return { slope, t, end: mean + slope * middle };
}

/**
 * The drift of a measured value: its baseline, the broken rules and the trend towards a limit.
 *
 * @param first the first values of the batch, at most `BASELINE_UNITS`
 * @param recent the latest, at most `RECENT_UNITS`, oldest first; both one a unit
 */
export function driftOf(
  first: readonly number[],
  recent: readonly number[],
  low: number | null,
  high: number | null,
): Drift {
  const baseline = baselineOf(first);
  const rules = baseline === null ? [] : brokenRules(recent, baseline.centre, baseline.sigma);
  const trend = trendOf(recent);
  const isSteady = trend === null || Math.abs(trend.t) < SIGNIFICANT_T;
  return {
    centre: baseline?.centre ?? null,
    sigma: baseline?.sigma ?? null,
    rules,
    slope: isSteady ? null : trend.slope,
    reaches: isSteady ? null : limitReached(trend.slope, trend.end, low, high),
  };
}

function limitReached(slope: number, end: number, low: number | null, high: number | null): Drift['reaches'] {
  const limit = slope > 0 ? high : low;
  if (limit === null) return null;
  const units = Math.max(0, Math.ceil((limit - end) / slope));
  return units <= MAX_REPORTED_UNITS ? { limit, units } : null;
}
