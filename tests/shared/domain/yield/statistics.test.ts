import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addValue, capabilityOf, noMoments, relativeCapability } from '#shared/domain/yield/capability.ts';
import { brokenRules, driftOf, trendOf } from '#shared/domain/yield/drift.ts';
import { createHistogram } from '#shared/domain/yield/histogram.ts';
import { seriesValuesOf } from '#shared/domain/yield/series-sums.ts';
import { createYieldCurve, CURVE_STEP_MS } from '#shared/domain/yield/yield-curve.ts';
import { measurement, stepsOf } from './runs.ts';

function capability(values: readonly number[], low: number | null, high: number | null) {
  const moments = noMoments();
  for (const value of values) addValue(moments, value);
  return capabilityOf(moments, low, high);
}

describe('capability', () => {
  it('equals the example of the NIST handbook, 6.1.6: limits 8 and 20, mean 16, σ 2', () => {
    // Three values with that mean and sample deviation.
    const { mean, sigma, cp, cpk } = capability([14, 16, 18], 8, 20);
    expect([mean, sigma]).toEqual([16, 2]);
    expect(cp).toBeCloseTo(1.0, 12);
    expect(cpk).toBeCloseTo(0.6667, 4);
  });

  it('is Cpk only with one limit, negative with a mean outside, unknown with one value or equal values', () => {
    expect(capability([14, 16, 18], null, 20)).toMatchObject({ cp: null, cpk: 4 / 6 });
    expect(capability([14, 16, 18], 8, null)).toMatchObject({ cp: null, cpk: 8 / 6 });
    expect(capability([14, 16, 18], null, 13).cpk).toBeLessThan(0);
    expect(capability([5], 1, 9)).toMatchObject({ n: 1, sigma: null, cp: null, cpk: null });
    expect(capability([5, 5, 5], 1, 9)).toMatchObject({ sigma: 0, cp: null, cpk: null });
    expect(capability([], null, null)).toMatchObject({ n: 0, cp: null, cpk: null });
  });

  it('equals the plain formulas for any values', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 60 }), (values) => {
        const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
        const sigma = Math.sqrt(
          values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1),
        );
        const found = capability(values, -1, 1);
        expect(found.mean).toBeCloseTo(mean, 3);
        expect(found.sigma).toBeCloseTo(sigma, 3);
        if (found.cp !== null && found.cpk !== null) expect(found.cpk).toBeLessThanOrEqual(found.cp + 1e-9);
      }),
    );
  });
});

it('a value that no instrument measures is in no sum', () => {
  const run = {
    steps: stepsOf(['main/rssi', 'PASS']),
    measurements: [measurement(0, -60), measurement(0, 1e155), measurement(0, -50, { low: -1e200 })],
  };
  expect(seriesValuesOf(run).map(({ measurement: { value } }) => value)).toEqual([-60]);
});

describe('capability of units that each have limits of their own', () => {
  const relative = (values: readonly (readonly [value: number, low: number, high: number])[]) => {
    const [moments, below, above] = [noMoments(), noMoments(), noMoments()];
    for (const [value, low, high] of values) {
      addValue(moments, value);
      addValue(below, value - low);
      addValue(above, high - value);
    }
    return relativeCapability(moments, below, above);
  };

  it('is that of the distances: units that follow their limits are capable however the values vary', () => {
    // Each unit is 2, 3 or 4 above the ambient temperature it said, 5 are allowed.
    const made = relative([
      [22, 15, 25],
      [43, 35, 45],
      [-6, -15, -5],
    ]);
    expect(made).toMatchObject({ n: 3, low: null, high: null, cp: null, cpk: 2 / 3 });
    expect(made.mean).toBeCloseTo(59 / 3);
  });

  it('with the same limits for all equals the usual one', () => {
    const same = relative([
      [14, 8, 20],
      [16, 8, 20],
      [18, 8, 20],
    ]);
    expect(same.cpk).toBeCloseTo(capability([14, 16, 18], 8, 20).cpk ?? 0, 12);
  });
});

describe('a histogram', () => {
  const fill = (values: readonly number[]) => {
    const histogram = createHistogram();
    for (const value of values) histogram.add(value);
    return histogram.result();
  };

  it('counts every value in its bar, in forty bars at most, in any order', () => {
    const value = fc.oneof(
      fc.integer({ min: -1000, max: 1000 }),
      fc.integer({ min: -5e9, max: 5e9 }).map((one) => one / 1e9),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 120 }), (values) => {
        const { start, width, counts } = fill(values);
        expect(counts.length).toBeLessThanOrEqual(40);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
        const expected = counts.map(
          (_, bar) => values.filter((one) => Math.floor((one - start) / width) === bar).length,
        );
        if (new Set(values).size > 1) expect(counts).toEqual(expected);
        expect(fill(values.toReversed())).toEqual({ start, width, counts });
      }),
    );
  });

  it('has one bar for equal values and none without values', () => {
    expect(fill([3.3, 3.3])).toMatchObject({ counts: [2] });
    const { start, width } = fill([3.3]);
    expect(start + width / 2).toBeCloseTo(3.3, 12);
    expect(fill([])).toMatchObject({ counts: [] });
    expect(fill([0])).toMatchObject({ counts: [1] });
  });
});

describe('drift', () => {
  const calm = [0, 0, 0, 0, 0, 0, 0];

  it('follows the rules of Western Electric at the latest value', () => {
    expect(brokenRules([...calm, 3.1], 0, 1)).toEqual(['WE1']);
    expect(brokenRules([...calm, 2.9], 0, 1)).toEqual([]);
    expect(brokenRules([...calm, 2.1, 0.5, 2.1], 0, 1)).toEqual(['WE2']);
    // Not on one side, not within three, and not by the latest value.
    expect(brokenRules([...calm, -2.1, 0.5, 2.1], 0, 1)).toEqual([]);
    expect(brokenRules([...calm, 2.1, 0.5, 0.5, 2.1], 0, 1)).toEqual([]);
    expect(brokenRules([...calm, 2.1, 2.1, 0.5], 0, 1)).toEqual([]);
    expect(brokenRules([...calm, -1.1, -1.1, 0.1, -1.1, -1.1], 0, 1)).toEqual(['WE3']);
    expect(brokenRules([0.1, 0.2, 0.1, 0.3, 0.1, 0.2, 0.1, 0.1], 0, 1)).toEqual(['WE4']);
    expect(brokenRules([0.1, 0.2, 0.1, 0, 0.1, 0.2, 0.1, 0.1], 0, 1)).toEqual([]);
    expect(brokenRules([0.1], 0, 1)).toEqual([]);
  });

  /** Values around 3.30 V that swing by 0.01, then climb by `slope` a unit. */
  const swing = (count: number, slope: number) =>
    Array.from({ length: count }, (_, n) => 3.3 + ((n * 7) % 5) * 0.005 - 0.01 + slope * n);

  it('reports when a limit will be reached, on the side of the trend', () => {
    const climbing = swing(100, 0.001);
    const { slope, reaches, centre, sigma } = driftOf(swing(50, 0), climbing, 3.1, 3.5);
    expect(slope).toBeCloseTo(0.001, 4);
    // 3.3 + 0.099 after a hundred units, 0.101 to go.
    expect(reaches?.limit).toBe(3.5);
    expect(reaches?.units).toBeGreaterThan(90);
    expect(reaches?.units).toBeLessThan(115);
    expect(centre).toBeCloseTo(3.3, 6);
    expect(sigma).toBeGreaterThan(0);
    const falling = driftOf(swing(50, 0), swing(100, -0.001), 3.1, 3.5);
    expect(falling.reaches?.limit).toBe(3.1);
    expect(driftOf(swing(50, 0), swing(100, -0.001), null, 3.5)).toMatchObject({ reaches: null });
    expect(driftOf(swing(50, 0), swing(100, 0.000_05), 3.1, 3.5).reaches).toBeNull();
    // Outside already: now.
    expect(driftOf(swing(50, 0), swing(100, 0.003), 3.1, 3.5).reaches?.units).toBe(0);
  });

  it('reports nothing for values without a trend, too few values and equal values', () => {
    expect(driftOf(swing(50, 0), swing(100, 0), 3.1, 3.5)).toMatchObject({
      rules: [],
      slope: null,
      reaches: null,
    });
    expect(driftOf([3.3, 3.4], [3.3, 3.4], 3.1, 3.5)).toMatchObject({ centre: null, rules: [], slope: null });
    const same = Array.from({ length: 100 }, () => 3.3);
    expect(driftOf(same.slice(50), same, 3.1, 3.5)).toEqual({ centre: null, sigma: null, rules: [], slope: null, reaches: null }); // prettier-ignore
  });

  it('finds a trend in noise at about one in a thousand', () => {
    // Park and Miller's generator: the same noise every time.
    let seed = 1;
    const next = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const tries = 4000;
    let found = 0;
    for (let n = 0; n < tries; n += 1) {
      const noise = Array.from({ length: 100 }, () => next() + next() + next() - 1.5);
      if (Math.abs(trendOf(noise)?.t ?? 0) >= 3.3) found += 1;
    }
    expect(found).toBeGreaterThan(0);
    expect(found / tries).toBeLessThan(0.004);
  });
});

describe('the curve', () => {
  it('has few points however long a batch takes, and a fine last hour', () => {
    const curve = createYieldCurve();
    const day = 24 * 12;
    for (let step = 0; step < day; step += 1) curve.add(step * CURVE_STEP_MS, step % 2 === 0);
    const { everyMs, points } = curve.result();
    expect(everyMs).toBe(4 * CURVE_STEP_MS);
    expect(points).toHaveLength(day / 4);
    expect(points.every(({ units, fpy }) => units === 4 && fpy === 0.5)).toBe(true);
    const hour = curve.latest((day - 1) * CURVE_STEP_MS, 12);
    expect(hour.map(({ units }) => units)).toEqual(Array.from({ length: 12 }, () => 1));
    expect(hour.at(-1)).toEqual({ atMs: (day - 1) * CURVE_STEP_MS, units: 1, firstPass: 0, fpy: 0 });
    expect(curve.latest((day + 20) * CURVE_STEP_MS, 12).every(({ fpy }) => fpy === null)).toBe(true);
    expect(createYieldCurve().result().points).toEqual([]);
  });
});
