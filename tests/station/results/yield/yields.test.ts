import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchYield, type YieldState, yieldState } from '#shared/contract/yield.ts';
import { type Outcome, OUTCOMES } from '#shared/domain/outcome.ts';
import { createNodePlatform } from '#station';
import { createAuditTrail } from '../../../../station/core/audit-log/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import { withRecentRuns } from '../../../../station/results/yield/recent-runs.ts';
import { countYield } from '../../../../station/results/yield/count-batch.ts';
import { createYields, type Yields } from '../../../../station/results/yield/index.ts';
import { addRuns, addSampleBatch, manyRuns, type SampleRun } from '../reports/sample-batch.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { depth } from '../../../support/depth.ts';

interface YieldsSetup extends AsyncDisposable {
  readonly database: WritableDatabase;
  readonly yields: Yields;
  readonly published: YieldState[];
  /** Closes it and opens it again on what is there. */
  restart(): Promise<void>;
}

async function openYields(): Promise<YieldsSetup> {
  const dir = tempDir('yields');
  const published: YieldState[] = [];
  const open = () => {
    const database = openStationDatabase(dir.path);
    const platform = createNodePlatform(dir.path);
    const publish = (state: YieldState): void => void published.push(yieldState.parse(state));
    return {
      database,
      yields: createYields({
        platform,
        audit: createAuditTrail(database, platform.clock),
        database,
        recipeTitles: () => ({}),
        publish,
      }),
    };
  };
  let opened = open();
  addSampleBatch(opened.database);
  addSampleBatch(opened.database, 'C', 'another');
  const close = async (): Promise<void> => {
    await opened.yields.close();
    opened.database.close();
  };
  return await Promise.resolve({
    get database() {
      return opened.database;
    },
    get yields() {
      return opened.yields;
    },
    published,
    async restart() {
      await close();
      opened = open();
    },
    async [Symbol.asyncDispose]() {
      await close();
      dir[Symbol.dispose]();
    },
  });
}

/** A run of one step with one measurement, begun now and ended later. */
function begin(
  database: WritableDatabase,
  number: number,
  batchId: string,
  serial: number,
  value: number,
  outcome: Outcome,
): string {
  const runId = `run-${String(number).padStart(4, '0')}`;
  const measured = [{ name: 'vcc', value, unit: 'V', low: 3, high: 4, outcome }];
  addRuns(database, [
    {
      runId,
      batchId,
      serialNumber: `SN${serial}`,
      startedAtMs: 1_000_000 - number * 70_000,
      outcome: null,
      steps: [
        { step: 'power', phase: 'setup' },
        { step: 'vcc', outcome: outcome === 'PASS' ? 'PASS' : 'FAIL', measured },
      ],
    },
  ]);
  return runId;
}

function end(database: WritableDatabase, runId: string, outcome: Outcome): void {
  const failure = { code: 'limit-exceeded', phase: 'main', step: 'vcc', message: `of ${runId}`, hint: null, details: {} } as const; // prettier-ignore
  database.runs.finish(runId, 2_000_000, outcome, outcome === 'PASS' ? null : failure);
}

const move = fc.oneof(
  { weight: 8, arbitrary: fc.record({
      kind: fc.constant('begin' as const),
      batch: fc.constantFrom('B', 'B', 'C'),
      serial: fc.integer({ min: 0, max: 6 }),
      value: fc.integer({ min: 0, max: 100 }),
      outcome: fc.constantFrom<Outcome>(...OUTCOMES, 'PASS', 'PASS'),
    }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look' as const), batch: fc.constantFrom('B', 'C') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('follow' as const), batch: fc.constantFrom('B', 'C', null) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'turn' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
); // prettier-ignore

describe('the yields of a station', () => {
  it('are what a count of all runs says, whatever ended while it counted, and after every restart', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 10, maxLength: 80 }), async (moves) => {
        await using setup = await openYields();
        const open: { runId: string; outcome: Outcome; serial: number }[] = [];
        const looking: Promise<unknown>[] = [];
        let runs = 0;
        for (const one of moves) {
          if (one.kind === 'turn') await new Promise((done) => setImmediate(done));
          else if (one.kind === 'follow') setup.yields.follow(one.batch);
          else if (one.kind === 'look') looking.push(setup.yields.batch(one.batch, undefined, NEVER_ABORTED));
          else if (one.kind === 'restart') {
            await Promise.all(looking.splice(0));
            await setup.restart();
          } else if (one.kind === 'begin') {
            // A unit is on one slot at a time.
            if (open.some(({ serial }) => serial === one.serial)) continue;
            const { batch, serial, value, outcome } = one;
            open.push({
              runId: begin(setup.database, (runs += 1), batch, serial, 3 + value / 100, outcome),
              outcome,
              serial,
            });
          } else {
            const [run] = open.splice(one.which % Math.max(1, open.length), 1);
            if (run === undefined) continue;
            end(setup.database, run.runId, run.outcome);
            setup.yields.recordEnd(run.runId);
          }
        }
        await Promise.all(looking);
        for (const batchId of ['B', 'C']) {
          const { curve, ...live } = await setup.yields.batch(batchId, undefined, NEVER_ABORTED);
          const { report, ...recounted } = await countYield(setup.database, batchId, {
            signal: NEVER_ABORTED,
          });
          const withRuns = withRecentRuns(setup.database, recounted.measurements);
          expect(rounded(live)).toEqual(
            rounded({ batchId, ...recounted, ...withRuns, recipeTitles: {}, foreignRuns: null }),
          );
          expect(curve.points.reduce((sum, { units }) => sum + units, 0)).toBe(live.figures.units);
          expect(await setup.yields.report(batchId, NEVER_ABORTED)).toEqual(report);
        }
      }),
      { numRuns: depth({ short: 10, long: 25 }) },
    );
  });

  it('count what ends while a long count is under way once, wherever the count has come to', async () => {
    await using setup = await openYields();
    addRuns(setup.database, [...manyRuns(1500)]);
    const late = Array.from({ length: 40 }, (_, n) => begin(setup.database, n, 'B', 5000 + n, 3.3, 'PASS'));
    const counting = setup.yields.batch('B', undefined, NEVER_ABORTED);
    for (const runId of late) {
      await new Promise((done) => setImmediate(done));
      end(setup.database, runId, 'PASS');
      setup.yields.recordEnd(runId);
    }
    await counting;
    const { figures } = await setup.yields.batch('B', undefined, NEVER_ABORTED);
    expect(figures).toMatchObject({ runs: 1540, passedRuns: 1390, units: 1540 });
  });

  it('wait until the figures of all earlier runs are computed after an update, and tell how far that is', async () => {
    await using setup = await openYields();
    // As many as a version before has left without facts.
    addRuns(setup.database, [...manyRuns(1500)]);
    await setup.restart();
    setup.yields.follow('B');
    expect(setup.published.at(-1)).toEqual({
      batchId: 'B',
      figures: null,
      counting: { done: expect.any(Number) as number, total: 1500 },
      lastHour: [],
      pareto: [],
      warnings: [],
    });
    const { figures } = await setup.yields.batch('B', undefined, NEVER_ABORTED);
    expect(figures.runs).toBe(1500);
    await expect
      .poll(() => setup.published.at(-1))
      .toMatchObject({ counting: null, figures: { runs: 1500 } });
  });

  it('are told of the batch at work, at most once a second, and say what drifts', async () => {
    await using setup = await openYields();
    addRuns(
      setup.database,
      Array.from({ length: 100 }, (_, n): SampleRun => climbing(n)),
    );
    setup.yields.follow('B');
    expect(setup.published).toEqual([
      { batchId: 'B', figures: null, counting: null, lastHour: [], pareto: [], warnings: [] },
    ]);
    await setup.yields.batch('B', undefined, NEVER_ABORTED);
    for (let n = 100; n < 140; n += 1) {
      addRuns(setup.database, [n % 20 === 0 ? { ...climbing(n), outcome: 'FAIL' } : climbing(n)]);
      setup.yields.recordEnd(climbing(n).runId);
    }
    await expect.poll(() => setup.published.at(-1)?.figures?.units).toBe(140);
    expect(setup.published.length).toBeLessThanOrEqual(4);
    const { figures, pareto, warnings, lastHour } = setup.published.at(-1) ?? {};
    expect(figures).toMatchObject({ firstPass: 138, fpy: 138 / 140 });
    expect(pareto).toMatchObject([{ runs: 2, step: 'read' }]);
    expect(warnings).toMatchObject([{ kind: 'drift', name: 'vcc', unit: 'V', limit: 3.5 }]);
    expect(lastHour).toHaveLength(12);
    setup.yields.follow(null);
    expect(setup.published.at(-1)).toMatchObject({ batchId: null, figures: null });
  });

  it('go by a filter, say which batch there is not, and end with who asked and with the station', async () => {
    const setup = await openYields();
    addRuns(
      setup.database,
      [...manyRuns(300)].map((run, n) => ({ ...run, slot: 1 + (n % 3) })),
    );
    const filtered = await setup.yields.batch('B', { slot: 2 }, NEVER_ABORTED);
    expect(filtered.figures.units).toBe(100);
    expect(batchYield.parse(filtered)).toEqual(filtered);
    expect((await setup.yields.batch('B', { slot: undefined }, NEVER_ABORTED)).figures.units).toBe(300);
    expect((await faultOf(() => setup.yields.batch('X', undefined, NEVER_ABORTED))).code).toBe(
      'batch-missing',
    );
    expect((await faultOf(() => setup.yields.report('X', NEVER_ABORTED))).code).toBe('batch-missing');
    expect((await faultOf(() => setup.yields.batch('B', { slot: 1 }, AbortSignal.abort()))).code).toBe(
      'cancelled',
    );
    expect((await faultOf(() => setup.yields.batch('C', undefined, AbortSignal.abort()))).code).toBe(
      'cancelled',
    );
    addRuns(setup.database, [...manyRuns(3000, 300)]);
    const cut = faultOf(() => setup.yields.batch('B', { slot: 3 }, NEVER_ABORTED));
    await setup[Symbol.asyncDispose]();
    expect((await cut).code).toBe('cancelled');
  });
});

/** A voltage on its way up. */
function climbing(n: number): SampleRun {
  const value = 3.3 + ((n * 7) % 5) * 0.005 + n * 0.001;
  return {
    runId: `c${String(n).padStart(4, '0')}`,
    serialNumber: `SN${n}`,
    startedAtMs: 1_000_000 + n,
    steps: [{ step: 'vcc', measured: [{ name: 'vcc', value, unit: 'V', low: 3.1, high: 3.5 }] }],
  };
}

/** Sums of fractions depend a little on their order. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) => (typeof one === 'number' ? Number(one.toPrecision(9)) : one)),
  );
}
