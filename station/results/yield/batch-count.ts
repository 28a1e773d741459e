import type { BatchCounts } from '#shared/contract/index.ts';
import {
  createYieldCount,
  type YieldCount,
  type YieldFilter,
  type YieldRun,
  type YieldRunDetail,
} from '#shared/domain/yield/index.ts';

import { failuresOf } from '../figures/index.ts';

/** Counts a batch run by run: its yields and its report. */
export interface BatchCount {
  readonly yields: YieldCount;
  /** False when the run does not meet the filter. */
  add(run: YieldRun, detail: YieldRunDetail | null): boolean;
  report(batchId: string): BatchCounts;
}

export function createBatchCount(filter: YieldFilter = {}): BatchCount {
  const yields = createYieldCount(filter);
  const passedMs: number[] = [];
  let lastRunAtMs: number | null = null;
  return {
    yields,
    add(run, detail) {
      if (!yields.add(run, detail)) return false;
      lastRunAtMs = Math.max(lastRunAtMs ?? 0, run.finishedAtMs);
      if (run.outcome === 'PASS') passedMs.push(run.finishedAtMs - run.startedAtMs);
      return true;
    },
    report(batchId) {
      const { units, runs, firstPass, lastPass, fpy, lpy } = yields.figures();
      return {
        batchId,
        units,
        runs,
        firstPass,
        finalPass: lastPass,
        firstPassYield: fpy,
        finalYield: lpy,
        medianMs: median(passedMs),
        lastRunAtMs,
        failures: failuresOf(yields.pareto()),
      };
    },
  };
}

function median(values: readonly number[]): number | null {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
