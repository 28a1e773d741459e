import { setTimeout as wait } from 'node:timers/promises';
import type { WritableDatabase } from '../../station/core/database/index.ts';
import { median, quantile } from '../lib/statistics.ts';
import { addStep, beginRun, finishRun, STEP_NAMES } from './fill-batch.ts';

/** Duration of a step without its recording. */
const STEP_MS = 25;

export interface RecordingFigures {
  readonly runs: number;
  readonly steps: number;
  /** From the start of a run to the record of its end. */
  readonly medianCycleMs: number;
  /** Delay of the record of a step: the wait for the writer, and the commit. */
  readonly medianDelayMs: number;
  readonly p95DelayMs: number;
  readonly p99DelayMs: number;
  readonly maxDelayMs: number;
}

/** Starts slots that record runs one after another, with a durable commit per step. Returns the function that stops them. */
export function startRecordingSlots(
  database: WritableDatabase,
  batchId: string,
  slots: number,
): () => Promise<RecordingFigures> {
  let going = true;
  let runs = 0;
  const delaysMs: number[] = [];
  const cyclesMs: number[] = [];
  const slot = async (): Promise<void> => {
    while (going) {
      const n = (runs += 1);
      const beganMs = performance.now();
      const runId = database.transaction(() => beginRun(database, batchId, n, 2_000_000_000 + n));
      for (const [index, step] of STEP_NAMES.entries()) {
        const dueMs = performance.now() + STEP_MS;
        await wait(STEP_MS);
        database.transaction(() => addStep(database, runId, step, index + 1, n));
        delaysMs.push(performance.now() - dueMs);
      }
      database.transaction(() => finishRun(database, runId, n, 2_000_000_000 + n));
      cyclesMs.push(performance.now() - beganMs);
    }
  };
  const all = Promise.all(Array.from({ length: slots }, slot));
  return async () => {
    going = false;
    await all;
    return {
      runs,
      steps: delaysMs.length,
      medianCycleMs: median(cyclesMs),
      medianDelayMs: median(delaysMs),
      p95DelayMs: quantile(delaysMs, 0.95),
      p99DelayMs: quantile(delaysMs, 0.99),
      maxDelayMs: quantile(delaysMs, 1),
    };
  };
}
