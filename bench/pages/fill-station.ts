import { finishRun } from '../../station/execution/executor/finish-run.ts';
import type { WritableDatabase } from '../../station/core/database/index.ts';
import { createRandomSource, type RandomSource } from '../lib/random-source.ts';

const RUNS_PER_BATCH = 300_000;
const RUNS_PER_COMMIT = 1_000;
const FIRST_START_MS = 1_700_000_000_000;
const BETWEEN_STARTS_MS = 4_000;
const OPERATORS = ['Li', 'Wang', 'Chen'];
const SLOTS = 16;
const STEPS = ['identify', 'power', 'radio'];

export const batchIdOf = (n: number): string => `B${n}`;
export const startOf = (n: number): number => FIRST_START_MS + n * BETWEEN_STARTS_MS;

/**
 * Makes batches of 300,000 runs in order: three steps, two measured values; of 20 runs one fails and one is a retest, of 100 one is
 * ended by the station.
 */
export function fillStation(
  database: WritableDatabase,
  runs: number,
  onProgress: (runs: number) => void,
): void {
  const random = createRandomSource('pages');
  database.transaction(() => {
    database.batches.addRecipe({ hash: 'h', name: 'r', version: '1', source: 'x' }, 1);
    for (let n = 0; n * RUNS_PER_BATCH < runs; n += 1)
      database.batches.add({
        batchId: batchIdOf(n),
        name: `WO-${n}`,
        productId: 'P',
        quantity: RUNS_PER_BATCH,
        createdAtMs: n + 1,
        recipeHash: 'h',
      });
  });
  for (let from = 0; from < runs; from += RUNS_PER_COMMIT) {
    database.transaction(() => {
      for (let n = from; n < Math.min(runs, from + RUNS_PER_COMMIT); n += 1)
        addRun(database, n, { outcome: anyOutcome(random), value: 3 + random.next() });
    });
    onProgress(Math.min(runs, from + RUNS_PER_COMMIT));
  }
}

interface Run {
  readonly outcome: 'PASS' | 'FAIL' | 'ERROR';
  readonly value: number;
}

function anyOutcome(random: RandomSource): Run['outcome'] {
  if (random.chance(1 / 100)) return 'ERROR';
  return random.chance(1 / 20) ? 'FAIL' : 'PASS';
}

function addRun(database: WritableDatabase, n: number, { outcome: result, value }: Run): void {
  const runId = `019aa0b5-${n.toString(16).padStart(12, '0')}-7a3f-9c21d4e5`;
  const unit = n % 20 === 19 ? n - 10 : n;
  const startedAtMs = startOf(n);
  database.runs.add({
    runId,
    batchId: batchIdOf(Math.floor(n / RUNS_PER_BATCH)),
    slot: 1 + (n % SLOTS),
    portPath: '/dev/ttyUSB0',
    serialNumber: `SN${String(unit).padStart(8, '0')}`,
    station: 'L3-07',
    operator: OPERATORS[Math.floor(n / 10_000) % OPERATORS.length] ?? '',
    appVersion: '0.1.0',
    recipeHash: 'h',
    startedAtMs,
  });
  const chipId = (0xa2b7_0000_0000 + unit).toString(16).toUpperCase();
  database.runs.setUnit(runId, database.units.recordSeen(chipId, 'module', '1.0.3', startedAtMs).unitId);
  for (const [index, step] of STEPS.entries()) {
    const isLast = index === STEPS.length - 1;
    const outcome = isLast ? result : 'PASS';
    const measured = { name: step, value: value + index, unit: 'V', limits: '2 … 7 V', outcome, low: 2, high: 7 } as const; // prettier-ignore
    database.runs.addStep(
      runId,
      { seq: index + 1, phase: index === 0 ? 'setup' : 'main', step, attempt: 1, outcome, startedAtMs, ms: 12.5, failure: null },
      index === 0 ? [] : [measured],
    ); // prettier-ignore
  }
  const failure = {
    code: result === 'ERROR' ? 'port-lost' : 'limit-exceeded', phase: 'main', step: 'radio', message: 'radio is too low', hint: null, details: {},
  } as const; // prettier-ignore
  finishRun(database, runId, startedAtMs + 12_000 + (n % 977), result, result === 'PASS' ? null : failure);
}
