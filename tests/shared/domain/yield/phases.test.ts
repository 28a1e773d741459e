import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '#shared/domain/outcome.ts';
import {
  createYieldCount,
  rolledThroughput,
  type YieldFilter,
  type YieldRun,
  type YieldRunDetail,
} from '#shared/domain/yield/index.ts';
import { detailOf, measurement, stepsOf, yieldRun } from './runs.ts';

type Recorded = readonly [YieldRun, YieldRunDetail];

function count(runs: readonly Recorded[], filter: YieldFilter = {}) {
  const counting = createYieldCount(filter);
  for (const [run, detail] of runs) counting.add(run, detail);
  return counting.result();
}

describe('rolled throughput yield', () => {
  it('is the product of the first-pass yields of the phases, each counted when a unit first reaches it', () => {
    const { phases, figures } = count([
      // A goes through at once; B needs a second attempt of a step, which is no second run.
      [yieldRun(1, 'PASS', { serial: 'A' }), detailOf(stepsOf(['setup/a', 'PASS'], ['main/b', 'PASS'], ['end/c', 'PASS']))],
      [yieldRun(2, 'PASS', { serial: 'B' }), detailOf(stepsOf(['setup/a', 'PASS'], ['main/b', 'FAIL', 'PASS'], ['end/c', 'PASS']))],
      // C fails in setup, and comes to main at its second run only: that is main's first sight of it.
      [yieldRun(3, 'FAIL', { serial: 'C' }), detailOf(stepsOf(['setup/a', 'FAIL', 'FAIL'], ['end/c', 'PASS']))],
      [yieldRun(4, 'FAIL', { serial: 'C' }), detailOf(stepsOf(['setup/a', 'PASS'], ['main/b', 'FAIL'], ['end/c', 'PASS']))],
      [yieldRun(5, 'PASS', { serial: 'C' }), detailOf(stepsOf(['setup/a', 'PASS'], ['main/b', 'PASS'], ['end/c', 'PASS']))],
      // D is stopped between main and end: put down to the last phase that it was in.
      [yieldRun(6, 'ABORTED', { serial: 'D' }), detailOf(stepsOf(['setup/a', 'PASS'], ['main/b', 'PASS']))],
    ]); // prettier-ignore
    expect(phases).toEqual([
      { phase: 'setup', units: 4, firstPass: 3, fpy: 3 / 4 },
      { phase: 'main', units: 4, firstPass: 2, fpy: 2 / 4 },
      { phase: 'end', units: 3, firstPass: 3, fpy: 1 },
    ]);
    expect(figures.rty).toBe(3 / 8);
    expect(figures.fpy).toBe(2 / 4);
  });

  it('leaves out a run that ended before its first phase, as that of a missing port does', () => {
    const { phases, figures } = count([
      [yieldRun(1, 'ERROR', { serial: 'A' }), detailOf([])],
      [yieldRun(2, 'PASS', { serial: 'A' }), detailOf(stepsOf(['main/b', 'PASS']))],
      [yieldRun(3, 'PASS', { serial: 'B' }), detailOf(stepsOf(['main/b', 'PASS']))],
    ]);
    expect(phases).toEqual([{ phase: 'main', units: 2, firstPass: 2, fpy: 1 }]);
    expect(figures).toMatchObject({ rty: 1, fpy: 1 / 2, lpy: 1, try: 2 / 3 });
    const none = count([[yieldRun(1, 'ERROR', { serial: 'A' }), detailOf([])]]);
    expect(none.phases).toEqual([]);
    expect(none.figures).toMatchObject({ rty: null, fpy: 0, try: 0 });
  });

  it('of a recipe of one phase is the first-pass yield, of none is unknown, and never above any of its parts', () => {
    const steps = (outcome: Outcome) => detailOf(stepsOf(['main/a', outcome]));
    const one = count([
      [yieldRun(1, 'PASS', { serial: 'A' }), steps('PASS')],
      [yieldRun(2, 'FAIL', { serial: 'B' }), steps('FAIL')],
      [yieldRun(3, 'PASS', { serial: 'B' }), steps('PASS')],
    ]);
    expect(one.figures.rty).toBe(one.figures.fpy);
    expect(rolledThroughput([])).toBeNull();
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (yields) => {
        expect(rolledThroughput(yields)).toBeLessThanOrEqual(Math.min(...yields));
      }),
    );
  });

  it('is the product of the listed phases for any runs, and each phase counts the units that reached it', () => {
    const outcome = fc.constantFrom<Outcome>('PASS', 'PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED');
    const run = fc.record({ unit: fc.nat(5), ended: outcome, steps: fc.array(outcome, { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 40 }), (rows) => {
        const runs = rows.map(({ unit, ended, steps }, at) => {
          const passed = steps.every((one) => one === 'PASS') && ended === 'PASS' && steps.length > 0;
          const detail = stepsOf(...steps.map((one, n) => [`p${n}/s`, one] as const));
          return [
            yieldRun(at + 1, passed ? 'PASS' : ended === 'PASS' ? 'FAIL' : ended, { serial: `SN${unit}` }),
            detailOf(detail),
          ] as const;
        });
        const { phases, figures } = count(runs.map(([one, detail]) => [one, detail]));
        expect(figures.rty).toBe(rolledThroughput(phases.map(({ fpy }) => fpy)));
        expect(phases.map(({ phase }) => phase)).not.toContain('');
        for (const [n, { phase, units, firstPass, fpy }] of phases.entries()) {
          const came = new Set(rows.filter(({ steps }) => steps.length > n).map(({ unit }) => unit));
          expect({ phase, units }).toEqual({ phase: `p${n}`, units: came.size });
          expect(firstPass).toBeLessThanOrEqual(units);
          expect(fpy).toBe(firstPass / units);
        }
        // Nothing but passes in every phase is a rolled throughput of all.
        if (phases.length > 0 && phases.every(({ fpy }) => fpy === 1)) expect(figures.rty).toBe(1);
        const { firstPass, secondPass, thirdPass, lastPass, units } = figures;
        expect([firstPass, secondPass, thirdPass]).toEqual(
          [firstPass, secondPass, thirdPass].sort((a, b) => a - b),
        );
        expect(Math.max(thirdPass, lastPass)).toBeLessThanOrEqual(units);
      }),
    );
  });

  it('counts the phases of counted units only', () => {
    const { phases } = count(
      [
        [yieldRun(1, 'FAIL', { serial: 'A', slot: 2 }), detailOf(stepsOf(['main/a', 'FAIL']))],
        [yieldRun(2, 'PASS', { serial: 'A' }), detailOf(stepsOf(['main/a', 'PASS']))],
        [yieldRun(3, 'PASS', { serial: 'B' }), detailOf(stepsOf(['main/a', 'PASS']))],
      ],
      { slot: 1 },
    );
    expect(phases).toEqual([{ phase: 'main', units: 1, firstPass: 1, fpy: 1 }]);
  });
});

describe('the Pareto', () => {
  const failure = {
    code: 'limit-exceeded',
    phase: 'main',
    step: 'radio',
    message: 'rssi is -81',
    measurement: null,
  };

  it('has one cause per run: the first measurement outside of its limits in the last attempt, otherwise the step', () => {
    const { pareto } = count([
      [
        yieldRun(1, 'FAIL', { serial: 'A', failure }),
        detailOf(stepsOf(['main/radio', 'FAIL', 'FAIL']), [
          // What the first attempt failed for is not what decided.
          measurement(0, -90, { name: 'noise' }),
          measurement(1, -60),
          measurement(1, -81),
          measurement(1, -82, { name: 'late' }),
        ]),
      ],
      [yieldRun(2, 'FAIL', { serial: 'B', failure }), detailOf(stepsOf(['main/radio', 'FAIL']), [measurement(0, -75)])],
      [yieldRun(3, 'TIMEOUT', { serial: 'C' }), detailOf(stepsOf(['main/read', 'TIMEOUT']))],
      [yieldRun(4, 'FAIL', { serial: 'D', failure: { ...failure, step: 'flash', measurement: 'size' } }), detailOf([])],
      [yieldRun(5, 'PASS', { serial: 'E' }), detailOf(stepsOf(['main/radio', 'PASS']), [measurement(0, -50)])],
    ]); // prettier-ignore
    expect(pareto).toEqual([
      { code: 'limit-exceeded', phase: 'main', step: 'radio', measurement: 'rssi', runs: 2, share: 0.5, cumulative: 0.5, example: 'rssi is -81' },
      { code: 'device-silent', phase: 'main', step: 'read', measurement: null, runs: 1, share: 0.25, cumulative: 0.75, example: 'no answer' },
      { code: 'limit-exceeded', phase: 'main', step: 'flash', measurement: 'size', runs: 1, share: 0.25, cumulative: 1, example: 'rssi is -81' },
    ]); // prettier-ignore
  });

  it('counts the runs inside of the filter, of all units', () => {
    const runs: Recorded[] = [
      [yieldRun(1, 'FAIL', { serial: 'A', slot: 2 }), detailOf([])],
      [yieldRun(2, 'FAIL', { serial: 'A' }), detailOf([])],
      [yieldRun(3, 'FAIL'), detailOf([])],
    ];
    expect(count(runs, { slot: 1 }).pareto).toMatchObject([{ runs: 2, share: 1 }]);
  });
});

describe('measured series', () => {
  const steps = stepsOf(['main/radio', 'FAIL', 'PASS']);

  it('take the last attempt of a unit’s first run that ended PASS or FAIL, and no other runs', () => {
    const { measurements } = count([
      [yieldRun(1, 'ERROR', { serial: 'A' }), detailOf(stepsOf(['main/radio', 'PASS']), [measurement(0, -99)])],
      [yieldRun(2, 'PASS', { serial: 'A' }), detailOf(steps, [measurement(0, -88), measurement(1, -60)])],
      [yieldRun(3, 'FAIL', { serial: 'B' }), detailOf(stepsOf(['main/radio', 'FAIL']), [measurement(0, -80)])],
      // A retest of a unit that has been measured.
      [yieldRun(4, 'PASS', { serial: 'B' }), detailOf(steps, [measurement(1, -50)])],
      [yieldRun(5, 'PASS', { serial: 'C' }), detailOf(stepsOf(['main/radio', 'PASS']), [measurement(0, -40)])],
    ]); // prettier-ignore
    expect(measurements).toHaveLength(1);
    expect(measurements[0]).toMatchObject({
      phase: 'main',
      step: 'radio',
      name: 'rssi',
      unit: 'dBm',
      recent: [-60, -80, -40],
      capability: { n: 3, mean: -60, sigma: 20, min: -80, max: -40, low: -70, high: null, cp: null },
    });
    // (−60 − −70) / (3 · 20)
    expect(measurements[0]?.capability.cpk).toBeCloseTo(10 / 60, 12);
  });

  it('exclude text and values without limits, separate points of a curve, and have a limited size', () => {
    const many = Array.from({ length: 250 }, (_, n) => measurement(0, n, { name: `m${n}`, low: 0 }));
    const { measurements, measurementsLeftOut } = count([
      [
        yieldRun(1, 'PASS', { serial: 'A' }),
        detailOf(stepsOf(['main/radio', 'PASS']), [
          measurement(0, 1, { low: null }),
          { ...measurement(0, 1), value: 'OK', high: 3 },
          measurement(0, -60, { at: 'frequency 2412 MHz' }),
          measurement(0, -61, { at: 'frequency 2484 MHz' }),
          ...many,
        ]),
      ],
    ]);
    expect(measurements).toHaveLength(200);
    expect(measurements.slice(0, 2).map(({ at }) => at)).toEqual([
      'frequency 2412 MHz',
      'frequency 2484 MHz',
    ]);
    expect(measurementsLeftOut).toBe(52);
  });
});
