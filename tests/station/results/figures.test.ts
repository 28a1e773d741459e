import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { YieldFilter } from '#shared/domain/yield/index.ts';
import type { WritableDatabase } from '../../../station/core/database/index.ts';
import {
  FigureCache,
  type FigureSource,
  openFigures,
  openFiguresAtOnce,
  readFigures,
  writeFacts,
} from '../../../station/results/figures/index.ts';
import { createBatchCount } from '../../../station/results/yield/batch-count.ts';
import { countInto } from '../../../station/results/yield/count-batch.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { anyHistory, HOUR, makeHistory } from './random-history.ts';
import { depth } from '../../support/depth.ts';

const hour = fc.integer({ min: 0, max: 6 }).map((n) => n * HOUR);
const anyTime = fc.integer({ min: 0, max: 6 * HOUR });
const filter: fc.Arbitrary<YieldFilter> = fc.record(
  {
    slot: fc.integer({ min: 1, max: 3 }),
    operator: fc.constantFrom('Li', 'Wang'),
    fromMs: fc.oneof(hour, anyTime),
    toMs: fc.oneof(hour, anyTime),
    stationErrors: fc.constant(false),
  },
  { requiredKeys: [] },
);

it('the figures that are kept are those of a count of all records, whatever happened and whatever the filter', async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, fc.array(filter, { minLength: 2, maxLength: 4 }), async (moves, filters) => {
      using dir = tempDir('figures');
      const database = makeHistory(dir.path, moves);
      try {
        for (const batchId of ['B', 'C']) {
          expect(database.batchProgress.get(batchId)).toEqual(database.batchProgress.recount(batchId));
          // Of most runs the values are read once more.
          const little = await openFigures(database, batchId, NEVER_ABORTED, 1);
          for (const wanted of [{}, ...filters]) {
            expect(kept(database, batchId, wanted)).toEqual(await counted(database, batchId, wanted));
            expect(figuresOf(little, wanted)).toEqual(kept(database, batchId, wanted));
          }
        }
      } finally {
        database.close();
      }
    }),
    { numRuns: depth({ short: 10, long: 60 }) },
  );
});

it('figures that are read again and again are those that are read once, whatever is written in between', () => {
  fc.assert(
    fc.property(anyHistory, (moves) => {
      using dir = tempDir('figures-again');
      const database = makeHistory(dir.path, moves);
      const cache = new FigureCache();
      try {
        for (let before = -1; before < database.runFacts.getProgress();) {
          before = database.runFacts.getProgress();
          for (const batchId of ['B', 'C', 'B'])
            expect(kept(database, batchId, {}, cache)).toEqual(kept(database, batchId, {}));
          writeFacts(database, 5);
        }
      } finally {
        database.close();
      }
    }),
    { numRuns: depth({ short: 6, long: 15 }) },
  );
});

function kept(
  database: WritableDatabase,
  batchId: string,
  wanted: YieldFilter,
  cache?: FigureCache,
): unknown {
  return figuresOf(openFiguresAtOnce(database, batchId, cache), wanted);
}

function figuresOf(source: FigureSource | null, wanted: YieldFilter): unknown {
  if (source === null) return null;
  const { curve, ...result } = readFigures(source, wanted);
  return comparable({ ...result, curve: curve.result() });
}

async function counted(database: WritableDatabase, batchId: string, wanted: YieldFilter): Promise<unknown> {
  const count = createBatchCount({ ...wanted, batchId });
  await countInto(count, database, batchId, { detailed: true, signal: NEVER_ABORTED });
  return comparable({ ...count.yields.result(), curve: count.yields.curve.result() });
}

/** Sums of fractions depend a little on their order; so does the order of phases and measurements with a filter. */
function comparable(value: unknown): unknown {
  const plain = JSON.parse(
    JSON.stringify(value, (_, one: unknown) => (typeof one === 'number' ? Number(one.toPrecision(9)) : one)),
  ) as { phases: { phase: string }[]; measurements: { step: string }[] };
  plain.phases.sort((a, b) => (a.phase < b.phase ? -1 : 1));
  plain.measurements.sort((a, b) => (a.step < b.step ? -1 : 1));
  return plain;
}
