import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RunFilter } from '#shared/contract/index.ts';
import type { ReadableDatabase } from '../../../station/core/database/index.ts';
import { fixRunFilter, openFiguresAtOnce, readFigures } from '../../../station/results/figures/index.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { anyHistory, HOUR, makeHistory } from './random-history.ts';
import { depth } from '../../support/depth.ts';

/** A slot and the time since when the first run of a unit is counted. */
const anyUnits = fc.record(
  { slot: fc.integer({ min: 1, max: 3 }), fromAtMs: fc.integer({ min: 0, max: 6 * HOUR }) },
  { requiredKeys: [] },
);

function countOf(database: ReadableDatabase, filter: RunFilter): number {
  return database.runSearch.count({ filter: fixRunFilter(database, filter, 0), limit: 1_000 });
}

it('the runs behind a figure are as many as the figure says: units, first passes, points of the curve, bars', () => {
  fc.assert(
    fc.property(anyHistory, anyUnits, (moves, units) => {
      using dir = tempDir('runs-behind');
      const database = makeHistory(dir.path, moves);
      try {
        const source = openFiguresAtOnce(database, 'B');
        if (source === null) throw new Error('there is no batch');
        const { slot, fromAtMs: fromMs } = units;
        const found = readFigures(source, { slot, fromMs });
        const first: RunFilter = { batchId: 'B', first: 'any', ...units };
        expect(countOf(database, first)).toBe(found.figures.units);
        expect(countOf(database, { ...first, outcomes: ['PASS'] })).toBe(found.figures.firstPass);
        const { everyMs, points } = found.curve.result();
        for (const { atMs, units: count } of points)
          expect(countOf(database, { ...first, endedFromAtMs: atMs, endedToAtMs: atMs + everyMs })).toBe(
            count,
          );
        for (const { phase, step, name, at, histogram } of found.measurements)
          for (const [bar, count] of histogram.counts.entries()) {
            const fromValue = histogram.start + bar * histogram.width;
            const measured = { phase, step, name, at, fromValue, toValue: fromValue + histogram.width };
            const filter: RunFilter = {
              batchId: 'B',
              counted: true,
              firstRun: { of: 'any', ...units },
              measured,
            };
            expect(countOf(database, filter)).toBe(count);
          }
      } finally {
        database.close();
      }
    }),
    { numRuns: depth({ short: 6, long: 15 }) },
  );
});

it('the first tested run is the first that the station did not end', () => {
  fc.assert(
    fc.property(anyHistory, (moves) => {
      using dir = tempDir('first-tested');
      const database = makeHistory(dir.path, moves);
      try {
        // The unit of each run, as all figures see it.
        const units = new Map<number, number>();
        const tested = new Set<number>();
        const source = openFiguresAtOnce(database, 'B');
        const rows = (filter: RunFilter): number[] =>
          database.runSearch
            .find({ filter: fixRunFilter(database, { batchId: 'B', ...filter }, 0), limit: 1_000 })
            .map(({ row }) => row)
            .reverse();
        const added = new Map(source?.delta.runs.map(({ fact }) => [fact.row, fact.unit]));
        for (const row of rows({ outcomes: ['PASS', 'FAIL', 'TIMEOUT'] })) {
          const unit = added.has(row) ? added.get(row) : database.runFacts.find(row)?.unit;
          if (unit === null || unit === undefined || units.has(unit)) continue;
          units.set(unit, row);
          tested.add(row);
        }
        expect(rows({ first: 'tested' })).toEqual([...tested].sort((a, b) => a - b));
        const slots = rows({ firstRun: { of: 'tested', slot: 2 }, first: 'tested' });
        expect(slots).toEqual(rows({ first: 'tested', slot: 2 }));
      } finally {
        database.close();
      }
    }),
    { numRuns: depth({ short: 6, long: 15 }) },
  );
});
