import { share } from './unit-figures.ts';

/** First passes in one interval: units by the end of their first run. */
export interface CurvePoint {
  /** Begin of the interval, Unix milliseconds. */
  readonly atMs: number;
  readonly units: number;
  readonly firstPass: number;
  readonly fpy: number | null;
}

export interface YieldCurve {
  /** `count` units of the same interval of `CURVE_STEP_MS`; default one. */
  add(atMs: number, passed: boolean, count?: number): void;
  /** All intervals from the first to the last, also those without a unit. */
  result(): { readonly everyMs: number; readonly points: readonly CurvePoint[] };
  /** The last `count` intervals of `CURVE_STEP_MS` until now; older ones may have been dropped. */
  latest(nowMs: number, count: number): readonly CurvePoint[];
}

/** The shortest interval. */
export const CURVE_STEP_MS = 300_000;
const MAX_POINTS = 96;

/** The intervals double when there would be more than 96; the latest short intervals are stored separately. */
export function createYieldCurve(): YieldCurve {
  const whole = new Map<number, { units: number; firstPass: number }>();
  const fine = new Map<number, { units: number; firstPass: number }>();
  let everyMs = CURVE_STEP_MS;
  let [from, to] = [0, 0];

  function put(map: typeof whole, at: number, units: number, firstPass: number): void {
    const bucket = map.get(at) ?? { units: 0, firstPass: 0 };
    bucket.units += units;
    bucket.firstPass += firstPass;
    map.set(at, bucket);
  }
  const point = (map: typeof whole, at: number, stepMs: number): CurvePoint => {
    const { units, firstPass } = map.get(at) ?? { units: 0, firstPass: 0 };
    return { atMs: at * stepMs, units, firstPass, fpy: share(firstPass, units) };
  };

  return {
    add(atMs, passed, count = 1) {
      const firstPass = passed ? count : 0;
      const place = Math.floor(atMs / everyMs);
      [from, to] = whole.size === 0 ? [place, place] : [Math.min(from, place), Math.max(to, place)];
      put(whole, place, count, firstPass);
      while (to - from >= MAX_POINTS) {
        const old = [...whole];
        everyMs *= 2;
        whole.clear();
        for (const [at, { units, firstPass }] of old) put(whole, Math.floor(at / 2), units, firstPass);
        [from, to] = [Math.floor(from / 2), Math.floor(to / 2)];
      }
      put(fine, Math.floor(atMs / CURVE_STEP_MS), count, firstPass);
      const [oldest] = fine.keys();
      if (fine.size > MAX_POINTS && oldest !== undefined) fine.delete(oldest);
    },
    result() {
      const length = whole.size === 0 ? 0 : to - from + 1;
      return { everyMs, points: Array.from({ length }, (_, index) => point(whole, from + index, everyMs)) };
    },
    latest(nowMs, count) {
      const last = Math.floor(nowMs / CURVE_STEP_MS);
      return Array.from({ length: count }, (_, index) =>
        point(fine, last - count + 1 + index, CURVE_STEP_MS),
      );
    },
  };
}
