import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Outcome, OUTCOMES } from '#shared/domain/outcome.ts';
import { createYieldCount, type YieldFilter, type YieldRun } from '#shared/domain/yield/index.ts';
import { clock, yieldRun } from './runs.ts';

/** The table of docs/yield.md: row, time, serial number, chip, outcome. */
const TABLE: readonly (readonly [number, string, string | null, string | null, Outcome])[] = [
  [1, '07:30', 'G', 'g', 'FAIL'],
  [2, '08:00', 'A', 'a', 'PASS'],
  [3, '08:05', 'B', null, 'FAIL'],
  [4, '08:10', 'B', 'b', 'PASS'],
  [5, '08:15', 'C', 'c', 'FAIL'],
  [6, '08:20', 'C', 'c', 'FAIL'],
  [7, '08:25', 'D', 'd', 'PASS'],
  [8, '08:30', 'E', 'e', 'ERROR'],
  [9, '08:35', 'E', 'e', 'ABORTED'],
  [10, '08:40', 'E', 'e', 'PASS'],
  [11, '08:45', 'F', 'f', 'FAIL'],
  [12, '09:00', 'G', 'g', 'PASS'],
  [13, '11:00', null, 'h', 'TIMEOUT'],
  [14, '11:05', null, 'h', 'FAIL'],
  [15, '11:10', null, null, 'FAIL'],
  [16, '12:30', 'C', 'c', 'PASS'],
  [17, '12:40', 'I', 'i', 'PASS'],
  [18, '13:00', 'D', 'd', 'FAIL'],
  [19, '13:10', null, 'h', 'FAIL'],
  [20, '13:20', null, 'h', 'PASS'],
  [21, '13:30', 'F', 'f', 'PASS'],
];
const RUNS = TABLE.map(([row, time, serial, chip, outcome]) =>
  yieldRun(row, outcome, { serial, chip, startedAtMs: clock(time) }),
);
const MORNING = { fromMs: clock('08:00'), toMs: clock('12:00') };

function count(runs: readonly YieldRun[], filter: YieldFilter = {}) {
  const counting = createYieldCount(filter);
  for (const run of runs) counting.add(run);
  return counting.figures();
}

describe('yield figures', () => {
  it('equal the hand-computed table: retests, a repair, units with a first run outside of the period', () => {
    expect(count(RUNS, MORNING)).toEqual({
      units: 7,
      firstPass: 2,
      secondPass: 4,
      thirdPass: 6,
      lastPass: 6,
      unitsBegunOutside: 1,
      runs: 14,
      passedRuns: 5,
      unnamedRuns: 1,
      fpy: 2 / 7,
      spy: 4 / 7,
      tpy: 6 / 7,
      lpy: 6 / 7,
      rty: null,
      try: 5 / 14,
    });
  });

  it('equal it without station errors: E passes in its first run, of twelve runs', () => {
    expect(count(RUNS, { ...MORNING, stationErrors: false })).toMatchObject({
      units: 7,
      firstPass: 3,
      secondPass: 5,
      thirdPass: 6,
      lastPass: 6,
      runs: 12,
      passedRuns: 5,
      try: 5 / 12,
    });
  });

  it('equal it for the whole day: the first runs of G and I are inside now', () => {
    expect(count(RUNS)).toMatchObject({
      units: 9,
      firstPass: 3,
      secondPass: 6,
      thirdPass: 8,
      lastPass: 8,
      unitsBegunOutside: 0,
      runs: 21,
      passedRuns: 9,
    });
  });

  it('without runs have no yield', () => {
    expect(count([])).toMatchObject({ units: 0, runs: 0, fpy: null, lpy: null, rty: null, try: null });
  });

  it('count a unit at the station of its first run, with its runs elsewhere: a station that only repairs has runs only', () => {
    const runs = [
      yieldRun(1, 'FAIL', { serial: 'A', slot: 1 }),
      yieldRun(2, 'PASS', { serial: 'A', slot: 4 }),
      yieldRun(3, 'FAIL', { serial: 'B', slot: 1 }),
      yieldRun(4, 'FAIL', { serial: 'B', slot: 4 }),
    ];
    expect(count(runs, { slot: 1 })).toMatchObject({ units: 2, fpy: 0, spy: 0.5, lpy: 0.5, runs: 2, try: 0 });
    expect(count(runs, { slot: 4 })).toMatchObject({
      units: 0,
      fpy: null,
      runs: 2,
      try: 0.5,
      unitsBegunOutside: 2,
    });
  });

  it('can be filtered by station, operator, batch and recipe', () => {
    const runs = [
      yieldRun(1, 'PASS', { serial: 'A', station: 'L1', operator: 'Li', batchId: 'X', recipeVersion: '1.0.0' }),
      yieldRun(2, 'PASS', { serial: 'B', station: 'L2', operator: 'Wu', batchId: 'Y', recipeVersion: '1.1.0', recipeHash: 'abcdef0123' }),
    ]; // prettier-ignore
    const units = (filter: YieldFilter): number => count(runs, filter).units;
    expect([units({ station: 'L1' }), units({ operator: 'Wu' }), units({ batchId: 'Y' })]).toEqual([1, 1, 1]);
    expect([units({ recipe: '1.1.0' }), units({ recipe: 'ABCDEF01' }), units({ recipe: 'abc' })]).toEqual([
      1, 1, 0,
    ]);
    expect(units({ station: 'L1', operator: 'Wu' })).toBe(0);
  });

  it('order runs by rows, also if the clock was set back', () => {
    const runs = [
      yieldRun(1, 'FAIL', { serial: 'A', startedAtMs: clock('10:00') }),
      yieldRun(2, 'PASS', { serial: 'A', startedAtMs: clock('09:00') }),
    ];
    expect(count(runs)).toMatchObject({ fpy: 0, lpy: 1 });
  });

  it('identify a unit by its chip: the same if it was silent at first or has another serial number, another with another chip', () => {
    const same = [
      yieldRun(1, 'FAIL', { serial: 'A' }),
      yieldRun(2, 'FAIL', { serial: 'A', chip: 7 }),
      yieldRun(3, 'PASS', { serial: 'RELABELLED', chip: 7 }),
    ];
    expect(count(same)).toMatchObject({ units: 1, fpy: 0, spy: 0, tpy: 1 });
    const other = [
      yieldRun(1, 'FAIL', { serial: 'A', chip: 7 }),
      yieldRun(2, 'PASS', { serial: 'A', chip: 8 }),
    ];
    expect(count(other)).toMatchObject({ units: 2, fpy: 0.5 });
    // The number went on to the other chip, and so does a run that knows the number only.
    expect(count([...other, yieldRun(3, 'FAIL', { serial: 'A' })])).toMatchObject({
      units: 2,
      fpy: 0.5,
      lpy: 0,
    });
  });
});

const OUTCOME = fc.constantFrom<Outcome>(...OUTCOMES, 'PASS', 'PASS');
/** Runs of up to twelve units in the order of their rows. */
const runsOf = fc
  .array(
    fc.record({
      unit: fc.integer({ min: 0, max: 11 }),
      outcome: OUTCOME,
      slot: fc.integer({ min: 1, max: 3 }),
    }),
    {
      maxLength: 80,
    },
  )
  .map((rows) =>
    rows.map(({ unit, outcome, slot }, index) => yieldRun(index + 1, outcome, { serial: `SN${unit}`, slot })),
  );

describe('yield figures of any runs', () => {
  it('do not fall from the first to the third pass, and are between 0 and 1', () => {
    fc.assert(
      fc.property(runsOf, fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }), (runs, slot) => {
        const {
          units,
          firstPass,
          secondPass,
          thirdPass,
          lastPass,
          runs: reports,
          passedRuns,
        } = count(runs, { slot });
        expect(firstPass).toBeLessThanOrEqual(secondPass);
        expect(secondPass).toBeLessThanOrEqual(thirdPass);
        expect(Math.max(thirdPass, lastPass)).toBeLessThanOrEqual(units);
        expect(passedRuns).toBeLessThanOrEqual(reports);
      }),
    );
  });

  it('have a last pass above the third if no passed unit is tested again', () => {
    fc.assert(
      fc.property(runsOf, (runs) => {
        const passed = new Set<string | null>();
        const untilPass = runs.filter((run) => {
          const before = passed.has(run.serial);
          if (run.outcome === 'PASS') passed.add(run.serial);
          return !before;
        });
        const figures = count(untilPass);
        expect(figures.lastPass).toBeGreaterThanOrEqual(figures.thirdPass);
      }),
    );
  });

  it('equal a count of all runs at once, in whatever order the runs of different units end', () => {
    fc.assert(
      fc.property(
        runsOf,
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.nat()),
        (runs, slot, order) => {
          const shuffled = runs
            .map((run) => ({ run, key: order.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ run }) => run);
          const filter = slot === 4 ? {} : { slot };
          expect(count(shuffled, filter)).toEqual(count(runs, filter));
          expect(count(runs, filter)).toMatchObject(naive(runs, (run) => slot === 4 || run.slot === slot));
        },
      ),
    );
  });
});

/** The definitions word by word, with everything in memory. */
function naive(runs: readonly YieldRun[], inside: (run: YieldRun) => boolean) {
  const units = [...new Set(runs.map(({ serial }) => serial))]
    .map((serial) => runs.filter((run) => run.serial === serial))
    .filter(([first]) => first !== undefined && inside(first));
  const passedWithin = (count: number): number =>
    units.filter((unit) => unit.slice(0, count).some(({ outcome }) => outcome === 'PASS')).length;
  return {
    units: units.length,
    firstPass: passedWithin(1),
    secondPass: passedWithin(2),
    thirdPass: passedWithin(3),
    lastPass: units.filter((unit) => unit.at(-1)?.outcome === 'PASS').length,
    runs: runs.filter(inside).length,
    passedRuns: runs.filter((run) => inside(run) && run.outcome === 'PASS').length,
  };
}
