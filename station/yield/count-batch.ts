import type { BatchReport } from '#shared/contract/index.ts';
import type { YieldFilter, YieldResult } from '#shared/domain/yield/index.ts';
import type { Store } from '../store/index.ts';
import { createTurns } from '../beside/index.ts';
import { type BatchCount, createBatchCount } from './batch-count.ts';

/** Rows looked at in one go: well below a millisecond. */
const PAGE_ROWS = 200;

export interface CountOptions {
  /** Also what runs are made of: phases, measurements. Left out, the figures only: twenty times as fast. */
  readonly detailed?: boolean;
  readonly filter?: YieldFilter;
  /** Runs that are left to somebody else. */
  readonly except?: (row: number, runId: string) => boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (rows: number, ofRows: number) => void;
}

/** Counts the finished runs of a batch, in the order of their rows, a few at a time. */
export async function countInto(
  count: BatchCount,
  store: Store,
  batchId: string,
  options: Omit<CountOptions, 'filter'>,
): Promise<void> {
  const { detailed = false, except, signal, onProgress } = options;
  const turns = createTurns(signal);
  const extent = store.yieldRuns.extent(batchId);
  if (extent === null) return;
  const { first, last } = extent;
  for (let after = first - 1; after < last; after += PAGE_ROWS) {
    const page = store.yieldRuns.page(batchId, after, Math.min(last, after + PAGE_ROWS));
    for (const run of page) {
      if (except?.(run.row, run.runId) === true) continue;
      const detail = detailed ? store.yieldRuns.detail(run.runId) : null;
      count.add(run, detail);
      if (detail !== null) await turns.worked(detail.steps.length + detail.measurements.length);
    }
    onProgress?.(Math.min(PAGE_ROWS + after, last) - first + 1, last - first + 1);
    await turns.worked(PAGE_ROWS);
  }
}

/** What a batch did, without what its runs are made of. Faults: `cancelled`. */
export async function countBatch(store: Store, batchId: string, signal: AbortSignal): Promise<BatchReport> {
  const count = createBatchCount();
  await countInto(count, store, batchId, { signal });
  return count.report(batchId);
}

/** A batch with its yields, phases, failures and measurements. Faults: `cancelled`. */
export async function countYield(
  store: Store,
  batchId: string,
  { filter = {}, ...options }: CountOptions,
): Promise<YieldResult & { readonly report: BatchReport }> {
  const count = createBatchCount(filter);
  await countInto(count, store, batchId, { detailed: true, ...options });
  return { ...count.yields.result(), report: count.report(batchId) };
}
