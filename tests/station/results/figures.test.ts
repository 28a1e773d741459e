import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Outcome, OUTCOMES } from '#shared/domain/outcome.ts';
import type { YieldFilter } from '#shared/domain/yield/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../station/core/database/index.ts';
import { openFiguresAtOnce, readFigures, writeFacts } from '../../../station/results/figures/index.ts';
import { createBatchCount } from '../../../station/results/yield/batch-count.ts';
import { countInto } from '../../../station/results/yield/count-batch.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { addSampleBatch } from './reports/sample-batch.ts';

const HOUR = 3_600_000;

type Move =
  | { readonly kind: 'begin'; readonly batch: string; readonly serial: string | null; readonly chip: string | null; readonly slot: number; readonly operator: string; readonly atMs: number }
  | { readonly kind: 'end'; readonly which: number; readonly outcome: Outcome; readonly values: readonly number[]; readonly afterMs: number }
  | { readonly kind: 'write'; readonly rows: number }
  | { readonly kind: 'restart' }; // prettier-ignore

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 8, arbitrary: fc.record({
      kind: fc.constant('begin' as const),
      batch: fc.constantFrom('B', 'B', 'C'),
      serial: fc.option(fc.constantFrom('S1', 'S2', 'S3', 'S4', 'S5')),
      chip: fc.option(fc.constantFrom('C1', 'C2', 'C3', 'C4')),
      slot: fc.integer({ min: 1, max: 3 }),
      operator: fc.constantFrom('Li', 'Wang'),
      atMs: fc.integer({ min: 0, max: 6 * HOUR }),
    }) },
  { weight: 9, arbitrary: fc.record({
      kind: fc.constant('end' as const),
      which: fc.nat(),
      outcome: fc.constantFrom<Outcome>(...OUTCOMES, 'PASS', 'PASS'),
      values: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 0, maxLength: 3 }),
      afterMs: fc.integer({ min: 1, max: 3 * HOUR }),
    }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('write' as const), rows: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
); // prettier-ignore

const hour = fc.integer({ min: 0, max: 6 }).map((n) => n * HOUR);
const anyTime = fc.integer({ min: 0, max: 6 * HOUR });
const filter: fc.Arbitrary<YieldFilter> = fc.record(
  {
    slot: fc.integer({ min: 1, max: 3 }),
    operator: fc.constantFrom('Li', 'Wang'),
    fromMs: fc.oneof(hour, anyTime),
    toMs: fc.oneof(hour, anyTime),
  },
  { requiredKeys: [] },
);

it('the figures that are kept are those of a count of all records, whatever happened and whatever the filter', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(move, { minLength: 20, maxLength: 120 }),
      fc.array(filter, { minLength: 2, maxLength: 4 }),
      async (moves, filters) => {
        using dir = tempDir('figures');
        let database = openStationDatabase(dir.path);
        addSampleBatch(database);
        addSampleBatch(database, 'C', 'another');
        const open: string[] = [];
        let runs = 0;
        try {
          for (const one of moves) {
            if (one.kind === 'begin') open.push(begin(database, (runs += 1), one));
            else if (one.kind === 'end') end(database, open, one);
            else if (one.kind === 'write') writeFacts(database, one.rows);
            else {
              database.close();
              database = openStationDatabase(dir.path);
            }
          }
          for (const batchId of ['B', 'C']) {
            expect(database.batchProgress.get(batchId)).toEqual(database.batchProgress.recount(batchId));
            for (const wanted of [{}, ...filters])
              expect(kept(database, batchId, wanted)).toEqual(await counted(database, batchId, wanted));
          }
        } finally {
          database.close();
        }
      },
    ),
    { numRuns: 60 },
  );
});

function kept(database: WritableDatabase, batchId: string, wanted: YieldFilter): unknown {
  const source = openFiguresAtOnce(database, batchId);
  if (source === null) return null;
  const { curve, ...result } = readFigures(source, wanted);
  return comparable({ ...result, curve: curve.result() });
}

async function counted(database: WritableDatabase, batchId: string, wanted: YieldFilter): Promise<unknown> {
  const count = createBatchCount({ ...wanted, batchId });
  await countInto(count, database, batchId, { detailed: true, signal: NEVER_ABORTED });
  return comparable({ ...count.yields.result(), curve: count.yields.curve.result() });
}

function begin(database: WritableDatabase, n: number, run: Extract<Move, { kind: 'begin' }>): string {
  const runId = `run-${String(n).padStart(4, '0')}`;
  database.transaction(() => {
    database.runs.add({
      runId,
      batchId: run.batch,
      slot: run.slot,
      portPath: '/dev/null',
      serialNumber: run.serial,
      station: 'S',
      operator: run.operator,
      appVersion: '0',
      recipeHash: 'h',
      startedAtMs: run.atMs,
    });
    if (run.chip !== null)
      database.runs.setUnit(runId, database.units.recordSeen(run.chip, 'm', '1', 1).unitId);
  });
  return runId;
}

/** The steps pass until the last one, which ends as the run; each value is a step with a limit. */
function end(database: WritableDatabase, open: string[], one: Extract<Move, { kind: 'end' }>): void {
  const [runId] = open.splice(one.which % Math.max(1, open.length), 1);
  if (runId === undefined) return;
  const run = database.runs.findById(runId);
  const failure = { code: 'limit-exceeded', phase: 'p1', step: 's1', message: `of ${runId}`, hint: null, details: {} } as const; // prettier-ignore
  database.transaction(() => {
    for (const [at, value] of one.values.entries()) {
      const isLast = at === one.values.length - 1;
      const outcome = isLast ? one.outcome : 'PASS';
      const step = { seq: at + 1, phase: `p${at % 2}`, step: `s${at}`, attempt: 1, outcome, startedAtMs: 1, ms: 1, failure: null }; // prettier-ignore
      database.runs.addStep(runId, step, [
        { name: 'v', value: value / 8, unit: 'V', limits: '', outcome, low: 1, high: at === 2 ? null : 9 },
      ]);
    }
    const endedAt = (run?.startedAtMs ?? 0) + one.afterMs;
    database.runs.finish(runId, endedAt, one.outcome, one.outcome === 'PASS' ? null : failure);
  });
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
