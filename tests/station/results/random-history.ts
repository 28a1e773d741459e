import fc from 'fast-check';
import { type Outcome, OUTCOMES } from '#shared/domain/outcome.ts';
import { openStationDatabase, type WritableDatabase } from '../../../station/core/database/index.ts';
import { writeFacts } from '../../../station/results/figures/index.ts';
import { addSampleBatch } from './reports/sample-batch.ts';

export const HOUR = 3_600_000;

export type Move =
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

/** What happens at a station with the batches B and C: runs begin and end, facts are written, the database is opened again. */
export const anyHistory: fc.Arbitrary<readonly Move[]> = fc.array(move, { minLength: 20, maxLength: 120 });

/** Makes the database of a history in an empty directory. */
export function makeHistory(dataDir: string, moves: readonly Move[]): WritableDatabase {
  let database = openStationDatabase(dataDir);
  addSampleBatch(database);
  addSampleBatch(database, 'C', 'another');
  const open: string[] = [];
  let runs = 0;
  for (const one of moves) {
    if (one.kind === 'begin') open.push(begin(database, (runs += 1), one));
    else if (one.kind === 'end') end(database, open, one);
    else if (one.kind === 'write') writeFacts(database, one.rows);
    else {
      database.close();
      database = openStationDatabase(dataDir);
    }
  }
  return database;
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
