/** The process capability of a measured value. In the unit of the value, except Cp and Cpk. */
export interface Capability {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); `null` below two values. */
  readonly sigma: number | null;
  readonly min: number;
  readonly max: number;
  /** `null` where a side is open. */
  readonly low: number | null;
  readonly high: number | null;
  /** (high − low) / 6σ; `null` unless both sides are limited and the values differ. */
  readonly cp: number | null;
  /** The distance of the mean to the nearer limit / 3σ; to the only limit when a side is open. */
  readonly cpk: number | null;
}

/** Mean and spread of a stream of values, in the numerically stable way of Welford (Technometrics 4, 1962, 419). */
export interface Moments {
  n: number;
  mean: number;
  /** Sum of squared distances from the mean. */
  squares: number;
  min: number;
  max: number;
}

export function noMoments(): Moments {
  return { n: 0, mean: 0, squares: 0, min: Infinity, max: -Infinity };
}

export function addValue(moments: Moments, value: number): void {
  moments.n += 1;
  const distance = value - moments.mean;
  moments.mean += distance / moments.n;
  moments.squares += distance * (value - moments.mean);
  moments.min = Math.min(moments.min, value);
  moments.max = Math.max(moments.max, value);
}

/** Adds the values of other moments, in the way of Chan, Golub and LeVeque (COMPSTAT 1982). */
export function mergeMoments(moments: Moments, other: Moments): void {
  const n = moments.n + other.n;
  if (other.n === 0) return;
  const distance = other.mean - moments.mean;
  moments.squares += other.squares + (distance * distance * moments.n * other.n) / n;
  moments.mean += (distance * other.n) / n;
  moments.n = n;
  moments.min = Math.min(moments.min, other.min);
  moments.max = Math.max(moments.max, other.max);
}

/** Sample standard deviation; `null` below two values. */
export function sigmaOf({ n, squares }: Moments): number | null {
  return n < 2 ? null : Math.sqrt(squares / (n - 1));
}

/**
 * Cp and Cpk as the NIST/SEMATECH e-Handbook of Statistical Methods has them (6.1.6), over all values and with their
 * sample standard deviation, as test databases do; for processes that drift the literature calls these figures Pp and Ppk.
 */
export function capabilityOf(moments: Moments, low: number | null, high: number | null): Capability {
  const { n, mean, min, max } = moments;
  const sigma = sigmaOf(moments);
  const ratio = (distance: number, sigmas: number): number | null =>
    sigma === null || sigma === 0 ? null : distance / (sigmas * sigma);
  const nearest = Math.min(high === null ? Infinity : high - mean, low === null ? Infinity : mean - low);
  return {
    n,
    mean,
    sigma,
    min,
    max,
    low,
    high,
    cp: low === null || high === null ? null : ratio(high - low, 6),
    cpk: nearest === Infinity ? null : ratio(nearest, 3),
  };
}

/**
 * The capability for limits that differ per unit: computed from the distances of the values to their own limits; fixed
 * limits are a special case. Without a common tolerance width there are no limits and no Cp.
 *
 * @param below distances of the values from their lower limits
 * @param above distances of the values to their upper limits
 */
export function relativeCapability(moments: Moments, below: Moments, above: Moments): Capability {
  const sides = [below, above].flatMap((side) => {
    const sigma = sigmaOf(side);
    return sigma === null || sigma === 0 ? [] : [side.mean / (3 * sigma)];
  });
  return { ...capabilityOf(moments, null, null), cpk: sides.length === 0 ? null : Math.min(...sides) };
}
