import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Outcome, OUTCOMES } from '#shared/domain/outcome.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import { addSampleBatch } from '../../results/reports/sample-batch.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { depth } from '../../../support/depth.ts';

const BATCHES = ['A', 'B'] as const;

type Move =
  | {
      readonly kind: 'begin';
      readonly batch: string;
      readonly serial: string | null;
      readonly chip: string | null;
    }
  | { readonly kind: 'end'; readonly which: number; readonly outcome: Outcome }
  | { readonly kind: 'look'; readonly batch: string }
  | { readonly kind: 'restart' };

const batch = fc.constantFrom(...BATCHES);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({
      kind: fc.constant('begin' as const),
      batch,
      serial: fc.option(fc.constantFrom('S1', 'S2', 'S3')),
      chip: fc.option(fc.constantFrom('C1', 'C2')),
    }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(), outcome: fc.constantFrom<Outcome>(...OUTCOMES, 'PASS') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('look' as const), batch }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
); // prettier-ignore

describe('how far a batch is', () => {
  it('is at every moment what its runs say, however they interleave, and after every restart', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        using dir = tempDir('progress');
        let database = openStationDatabase(dir.path);
        for (const one of BATCHES) addSampleBatch(database, one, one);
        const open: string[] = [];
        let runs = 0;
        try {
          for (const one of moves) {
            if (one.kind === 'restart') {
              database.close();
              database = openStationDatabase(dir.path);
            } else if (one.kind === 'look')
              expect(database.batchProgress.get(one.batch).runs).toBeLessThanOrEqual(runs);
            else if (one.kind === 'begin') open.push(begin(database, (runs += 1), one));
            else if (open.length > 0) end(database, open, one);
            for (const known of BATCHES)
              expect(database.batchProgress.get(known)).toEqual(database.batchProgress.recount(known));
          }
        } finally {
          database.close();
        }
      }),
      { numRuns: depth({ short: 15, long: 40 }) },
    );
  });

  it('counts no end twice, and none of a batch that was not requested', () => {
    using dir = tempDir('progress');
    const database = openStationDatabase(dir.path);
    addSampleBatch(database, 'A', 'A');
    const run = begin(database, 1, { batch: 'A', serial: 'S1', chip: null });
    database.runs.finish(run, 10, 'PASS', null);
    // Nobody has counted so far …
    database.batchProgress.addFinishedRun(run);
    expect(database.batchProgress.get('A')).toEqual({ runs: 1, passed: 1, notPassed: 0 });
    // … and who did has seen it.
    database.batchProgress.addFinishedRun(run);
    database.batchProgress.addFinishedRun('nobody');
    expect(database.batchProgress.get('A')).toEqual({ runs: 1, passed: 1, notPassed: 0 });
    database.close();
  });
});

function begin(
  database: WritableDatabase,
  number: number,
  { batch: batchId, serial, chip }: { batch: string; serial: string | null; chip: string | null },
): string {
  const runId = `run-${number}`;
  database.runs.add({
    runId, batchId, slot: 1, portPath: '/dev/null', serialNumber: serial, station: 'L', operator: 'Li', appVersion: '1', recipeHash: 'h', startedAtMs: 1000 - number,
  }); // prettier-ignore
  if (chip !== null) database.runs.setUnit(runId, database.units.recordSeen(chip, 'm', '1', 1).unitId);
  return runId;
}

/** As the station does: the end is written, then told. */
function end(
  database: WritableDatabase,
  open: string[],
  { which, outcome }: { which: number; outcome: Outcome },
): void {
  const [run = ''] = open.splice(which % open.length, 1);
  database.runs.finish(run, 2000, outcome, null);
  database.batchProgress.addFinishedRun(run);
}
