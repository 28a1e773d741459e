import type { BatchReport } from '#shared/contract/index.ts';
import { FROM_THE_START, type Store, type TallyRow } from '../store/index.ts';
import { createTurns } from './turns.ts';

const PAGE_RUNS = 200;

/**
 * Counts a batch by finished runs. A unit is all runs with one serial number (or, without one, with one chip id). It
 * counts for the first pass by its first run in this batch and for the final yield by its latest; whatever is not a
 * PASS is not passed, the station's own errors included, as WATS counts them.
 */
export async function countBatch(store: Store, batchId: string, signal: AbortSignal): Promise<BatchReport> {
  const turns = createTurns(signal);
  const count = createCount();
  let after = FROM_THE_START;
  for (;;) {
    const page = store.reportRuns.tally(batchId, after, PAGE_RUNS);
    for (const row of page) count.add(row);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_RUNS) return { batchId, ...count.result() };
    after = last;
    await turns.worked(page.length);
  }
}

interface Failure {
  readonly code: string;
  readonly phase: string;
  readonly step: string;
  runs: number;
  example: string;
}

function createCount() {
  const units = new Map<string, { readonly firstPassed: boolean; passed: boolean }>();
  const failures = new Map<string, Failure>();
  const passedMs: number[] = [];
  let runs = 0;
  let lastRunAtMs: number | null = null;

  function fail(row: TallyRow): void {
    const { code, phase, step } = {
      code: row.code ?? 'internal',
      phase: row.phase ?? '',
      step: row.step ?? '',
    };
    const key = JSON.stringify([code, phase, step]);
    const known = failures.get(key) ?? { code, phase, step, runs: 0, example: '' };
    known.runs += 1;
    known.example = row.message ?? '';
    failures.set(key, known);
  }

  return {
    add(row: TallyRow): void {
      const passed = row.outcome === 'PASS';
      const unit = units.get(row.unit);
      if (unit === undefined) units.set(row.unit, { firstPassed: passed, passed });
      else unit.passed = passed;
      runs += 1;
      lastRunAtMs = Math.max(lastRunAtMs ?? 0, row.finishedAt);
      if (passed) passedMs.push(row.finishedAt - row.startedAt);
      else fail(row);
    },
    result(): Omit<BatchReport, 'batchId'> {
      const all = [...units.values()];
      const firstPass = all.filter((unit) => unit.firstPassed).length;
      const finalPass = all.filter((unit) => unit.passed).length;
      return {
        units: all.length,
        runs,
        firstPass,
        finalPass,
        firstPassYield: all.length === 0 ? null : firstPass / all.length,
        finalYield: all.length === 0 ? null : finalPass / all.length,
        medianMs: median(passedMs),
        lastRunAtMs,
        failures: [...failures.values()].sort((a, b) => b.runs - a.runs),
      };
    },
  };
}

function median(values: readonly number[]): number | null {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
