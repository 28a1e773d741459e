import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MediaType } from '#shared/domain/attachment.ts';
import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';
import type { IdentityProof } from '#shared/registry-api/events.ts';
import type { MeasurementRow, WritableDatabase } from '../../../../station/core/database/index.ts';

export interface SampleMeasurement {
  readonly name: string;
  readonly value: MeasuredValue;
  readonly unit?: string;
  readonly outcome?: Outcome;
  readonly low?: number;
  readonly high?: number;
}

export interface SampleStep {
  readonly step: string;
  readonly phase?: string;
  readonly attempt?: number;
  readonly outcome?: Outcome;
  readonly measured?: readonly SampleMeasurement[];
}

export interface SampleRun {
  readonly runId: string;
  readonly batchId?: string;
  readonly serialNumber?: string | null;
  readonly chipId?: string;
  readonly startedAtMs: number;
  readonly ms?: number;
  /** `null`: still running. */
  readonly outcome?: Outcome | null;
  readonly proof?: IdentityProof;
  readonly failure?: Partial<RunFailure>;
  readonly operator?: string;
  readonly slot?: number;
  readonly steps?: readonly SampleStep[];
}

export function addSampleBatch(database: WritableDatabase, batchId = 'B', name = 'WO-17'): void {
  database.transaction(() => {
    database.batches.addRecipe({ hash: 'h', name: 'r', version: '1', source: 'x' }, 1);
    database.batches.add({ batchId, name, productId: 'P', quantity: 9, createdAtMs: 1, recipeHash: 'h' });
  });
}

/** Runs as the runner leaves them. */
export function addRuns(database: WritableDatabase, runs: readonly SampleRun[]): void {
  database.transaction(() => {
    for (const run of runs) addRun(database, run);
  });
}

function addRun(database: WritableDatabase, run: SampleRun): void {
  const { runId, startedAtMs, outcome = 'PASS' } = run;
  database.runs.add({
    runId,
    batchId: run.batchId ?? 'B',
    slot: run.slot ?? 2,
    portPath: '/dev/null',
    serialNumber: run.serialNumber === undefined ? runId : run.serialNumber,
    station: 'L3-07',
    operator: run.operator ?? 'Li',
    appVersion: '1.2.3',
    recipeHash: 'h',
    firmwareSha256: 'f00d',
    startedAtMs,
  });
  if (run.chipId !== undefined)
    database.runs.setUnit(runId, database.units.recordSeen(run.chipId, 'm', '1', 1).unitId);
  (run.steps ?? []).forEach((step, index) => {
    const { phase = 'main', attempt = 1, outcome: ended = 'PASS', measured = [] } = step;
    database.runs.addStep(
      runId,
      {
        seq: index + 1,
        phase,
        step: step.step,
        attempt,
        outcome: ended,
        startedAtMs,
        ms: 1.5,
        failure: null,
      },
      measured.map(toRow),
    );
  });
  if (run.proof !== undefined) database.runs.setProof(runId, run.proof);
  if (outcome === null) return;
  const failure = outcome === 'PASS' ? null : { ...FAILURE, ...run.failure };
  database.runs.finish(runId, startedAtMs + (run.ms ?? 1000), outcome, failure);
}

const FAILURE: RunFailure = {
  code: 'device-silent',
  phase: 'main',
  step: 'read',
  message: 'no answer',
  hint: null,
  details: {},
};

function toRow({ name, value, unit, outcome, low, high }: SampleMeasurement): MeasurementRow {
  const limits = low === undefined && high === undefined ? '' : `${low ?? ''} … ${high ?? ''}`;
  return {
    name,
    value,
    unit: unit ?? null,
    limits,
    outcome: outcome ?? 'PASS',
    low: low ?? null,
    high: high ?? null,
  };
}

/** `count` runs of a common kind: three steps, two measurements each, one in ten fails. */
export function* manyRuns(count: number, from = 0): Generator<SampleRun> {
  for (let n = from; n < from + count; n += 1) {
    const fails = n % 10 === 9;
    yield {
      runId: `r${String(n).padStart(9, '0')}`,
      serialNumber: `SN${n}`,
      startedAtMs: 1_000_000 + n,
      outcome: fails ? 'FAIL' : 'PASS',
      steps: ['identify', 'radio', 'online'].map((step) => ({
        step,
        measured: [
          { name: 'rssi', value: -50 - (n % 30), unit: 'dBm' },
          { name: `${step}-reply`, value: `OK ${n}` },
        ],
      })),
    };
  }
}

export interface AttachedRun {
  readonly runId: string;
  readonly startedAtMs: number;
  readonly outcome: Outcome;
  readonly files: readonly {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly mediaType?: MediaType;
  }[];
}

/** A run with one step that keeps files, which are stored in `data/attachments` of the folder. */
export function addAttached(
  database: WritableDatabase,
  dir: string,
  { runId, startedAtMs, outcome, files }: AttachedRun,
): void {
  addRuns(database, [{ runId, startedAtMs, outcome: null }]);
  const folder = join(dir, 'data', 'attachments');
  mkdirSync(folder, { recursive: true });
  const attachments = files.map(({ name, bytes, mediaType = 'application/octet-stream' }) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(folder, sha256), bytes);
    const made = { madeAtMs: startedAtMs, madeBy: 'script' as const };
    return { name, mediaType, bytes: bytes.length, sha256, ...made };
  });
  const step = {
    seq: 1,
    phase: 'main',
    step: 'attach',
    attempt: 1,
    outcome,
    startedAtMs,
    ms: 1,
    failure: null,
  };
  database.transaction(() => {
    database.runs.addStep(runId, step, [], attachments);
    database.runs.finish(runId, startedAtMs + 1000, outcome, outcome === 'PASS' ? null : FAILURE);
  });
}
