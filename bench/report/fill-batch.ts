import type { MeasurementRow, WritableDatabase } from '../../station/core/database/index.ts';
import { STATION } from '../lib/sample-runs.ts';

const STEPS = ['identify', 'burn', 'read-back', 'voltage', 'current', 'radio', 'button', 'online'];
const RUNS_PER_COMMIT = 500;

/** Measurements of one step: every second step measures three values. */
export function measured(step: string, n: number): MeasurementRow[] {
  if (STEPS.indexOf(step) % 2 === 0) return [];
  const value = -50 - (n % 37) - STEPS.indexOf(step) / 10;
  return [
    { name: 'level', value, unit: 'dBm', limits: '≥ -90 dBm', outcome: 'PASS' },
    { name: `${step}-voltage`, value: 3.3, unit: 'V', limits: '3.1 … 3.5 V', outcome: 'PASS' },
    { name: `${step}-reply`, value: `OK ${n}`, unit: null, limits: '', outcome: 'PASS' },
  ];
}

/** Adds a batch of finished runs with eight steps and twelve measurements each. One in 20 is a retest, one in 17 fails. */
export function fillBatch(database: WritableDatabase, batchId: string, runs: number): void {
  database.transaction(() => {
    database.batches.addRecipe({ hash: 'h', name: 'r', version: '1', source: 'x' }, 1);
    database.batches.add({
      batchId,
      name: batchId,
      productId: 'P',
      quantity: runs || 1,
      createdAtMs: 1,
      recipeHash: 'h',
    });
  });
  for (let from = 0; from < runs; from += RUNS_PER_COMMIT) {
    database.transaction(() => {
      for (let n = from; n < Math.min(runs, from + RUNS_PER_COMMIT); n += 1) {
        const runId = beginRun(database, batchId, n, 1_000 + n * 10);
        STEPS.forEach((step, index) => addStep(database, runId, step, index + 1, n));
        finishRun(database, runId, n, 6_000 + n * 10);
      }
    });
  }
}

export function beginRun(
  database: WritableDatabase,
  batchId: string,
  n: number,
  startedAtMs: number,
): string {
  const runId = `${batchId}-${String(n).padStart(9, '0')}`;
  database.runs.add({
    runId,
    batchId,
    slot: 1 + (n % 16),
    portPath: '/dev/ttyUSB0',
    serialNumber: `SN${String(n - (n % 20 === 19 ? 10 : 0)).padStart(8, '0')}`,
    station: STATION,
    operator: 'Li',
    appVersion: '0.1.0',
    recipeHash: 'h',
    startedAtMs,
  });
  const chipId = n.toString(16).padStart(12, '0').toUpperCase();
  database.runs.setUnit(runId, database.units.recordSeen(chipId, 'module', '1.0.3', startedAtMs).unitId);
  return runId;
}

export function addStep(
  database: WritableDatabase,
  runId: string,
  step: string,
  seq: number,
  n: number,
): void {
  const row = {
    seq,
    phase: 'main',
    step,
    attempt: 1,
    outcome: 'PASS',
    startedAtMs: 1_000,
    ms: 12.5,
    failure: null,
  } as const;
  database.runs.addStep(runId, row, measured(step, n));
}

export function finishRun(database: WritableDatabase, runId: string, n: number, atMs: number): void {
  const failure = {
    code: 'limit-exceeded', phase: 'main', step: 'radio', message: 'level is below -90 dBm', hint: null, details: {},
  } as const; // prettier-ignore
  if (n % 17 === 0) database.runs.finish(runId, atMs, 'FAIL', failure);
  else database.runs.finish(runId, atMs, 'PASS', null);
}

export const STEP_NAMES: readonly string[] = STEPS;
