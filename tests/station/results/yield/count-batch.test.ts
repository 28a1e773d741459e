import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatchCounts } from '#shared/contract/index.ts';
import { batchReport } from '#shared/contract/reports.ts';
import { type Outcome, OUTCOMES } from '#shared/domain/outcome.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import { readYield } from '../../../../station/results/yield/index.ts';
import { addRuns, addSampleBatch, type SampleRun } from '../reports/sample-batch.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

async function counting<T>(
  runs: readonly SampleRun[],
  look: (database: WritableDatabase) => Promise<T>,
): Promise<T> {
  using dir = tempDir('reports');
  const database = openStationDatabase(dir.path);
  try {
    addSampleBatch(database);
    addSampleBatch(database, 'C', 'another');
    addRuns(database, runs);
    return await look(database);
  } finally {
    database.close();
  }
}
const count = (runs: readonly SampleRun[]) => counting(runs, (database) => reportOf(database, NEVER_ABORTED));

async function reportOf(database: WritableDatabase, signal: AbortSignal): Promise<BatchCounts> {
  return (await readYield(database, 'B', { signal })).report;
}

describe('the count of a batch', () => {
  it('of no runs has no yield', async () => {
    expect(await count([])).toEqual({
      batchId: 'B', units: 0, runs: 0, firstPass: 0, finalPass: 0, firstPassYield: null, finalYield: null,
      medianMs: null, lastRunAtMs: null, failures: [],
    }); // prettier-ignore
  });

  it('follows a hand-made table: retests, repairs, a unit that got worse, one without a number, another batch', async () => {
    const report = await count([
      { runId: '01', serialNumber: 'A', startedAtMs: 100, ms: 10 },
      // Failed, then passed: for the final yield only.
      { runId: '02', serialNumber: 'B', startedAtMs: 200, outcome: 'FAIL' },
      { runId: '03', serialNumber: 'B', startedAtMs: 300, ms: 30 },
      // Passed, then failed: for the first pass only.
      { runId: '04', serialNumber: 'C', startedAtMs: 400, ms: 20 },
      {
        runId: '05',
        serialNumber: 'C',
        startedAtMs: 500,
        outcome: 'FAIL',
        failure: { message: 'no answer from C' },
      },
      // The station's own error and a stop are no pass either.
      {
        runId: '06',
        serialNumber: 'D',
        startedAtMs: 600,
        outcome: 'ERROR',
        failure: { code: 'port-lost', step: 'burn' },
      },
      {
        runId: '07',
        serialNumber: 'D',
        startedAtMs: 700,
        outcome: 'ABORTED',
        failure: { code: 'cancelled', step: 'burn' },
      },
      // Without a printed number a unit goes by its chip.
      { runId: '08', serialNumber: null, chipId: 'AABBCCDDEEFF', startedAtMs: 800, outcome: 'FAIL' },
      { runId: '09', serialNumber: null, chipId: 'AABBCCDDEEFF', startedAtMs: 900, ms: 40 },
      // One that never said who it is is a run of no unit.
      { runId: '10', serialNumber: null, startedAtMs: 950, outcome: 'FAIL' },
      // Still running, and another batch's.
      { runId: '11', serialNumber: 'E', startedAtMs: 960, outcome: null },
      { runId: '12', serialNumber: 'A', batchId: 'C', startedAtMs: 970, outcome: 'FAIL' },
    ]);
    expect(report).toEqual({
      batchId: 'B',
      units: 5,
      runs: 10,
      firstPass: 2,
      finalPass: 3,
      firstPassYield: 2 / 5,
      finalYield: 3 / 5,
      medianMs: 25,
      lastRunAtMs: 1950,
      failures: [
        { code: 'device-silent', phase: 'main', step: 'read', runs: 4, example: 'no answer' },
        { code: 'port-lost', phase: 'main', step: 'burn', runs: 1, example: 'no answer' },
        { code: 'cancelled', phase: 'main', step: 'burn', runs: 1, example: 'no answer' },
      ],
    });
    expect(batchReport.parse({ ...report, unproven: 0 })).toEqual({ ...report, unproven: 0 });
  });

  it('is the same however many pages it takes, in the order of rows, whatever the clock said', async () => {
    const outcome = fc.constantFrom<Outcome | null>(...OUTCOMES, 'PASS', null);
    const run = fc.record({
      serial: fc.integer({ min: 0, max: 40 }),
      startedAtMs: fc.integer({ min: 1, max: 12 }),
      outcome,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(run, { minLength: 150, maxLength: 700, size: 'max' }), async (rows) => {
        const runs = rows.map(({ serial, ...rest }, n): SampleRun => ({
          runId: `r${String((n * 7919) % 10_007).padStart(5, '0')}`,
          serialNumber: `SN${serial}`,
          ...rest,
        }));
        const report = await count(runs);
        expect(report).toMatchObject(naive(runs));
      }),
      { numRuns: 8 },
    );
  });

  it('ends when nobody wants it any more', async () => {
    const runs = Array.from({ length: 900 }, (_, n): SampleRun => ({ runId: `r${n}`, startedAtMs: n }));
    const stopped = counting(runs, (database) => reportOf(database, AbortSignal.abort()));
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  });
});

/** The same figures with everything in memory at once. */
function naive(runs: readonly SampleRun[]) {
  const finished = runs.filter((run) => run.outcome !== null);
  const units = [...new Set(finished.map((run) => run.serialNumber))];
  const passed = (run: SampleRun | undefined): boolean => run?.outcome === 'PASS';
  return {
    units: units.length,
    runs: finished.length,
    firstPass: units.filter((unit) => passed(finished.find((run) => run.serialNumber === unit))).length,
    finalPass: units.filter((unit) => passed(finished.findLast((run) => run.serialNumber === unit))).length,
  };
}
