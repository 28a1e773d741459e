import { createYielder, type Yielder } from '#node-kit/async/index.ts';
import type { BatchReport } from '#shared/contract/index.ts';
import type { YieldFilter, YieldResult } from '#shared/domain/yield/index.ts';
import type { RunCursor, ReadableDatabase } from '../../core/database/index.ts';
import { type BatchCount, createBatchCount } from './batch-count.ts';

/** Rows looked at in one go: below a millisecond. */
const PAGE_ROWS = 100;
/** The same of an index alone. */
const PLACES = 500;
/** What it takes to read what a run is made of, besides its rows; in rows. */
const DETAIL_ROWS = 10;

export interface CountOptions {
  /** Also what runs are made of: phases, measurements. Left out, the figures only: twenty times as fast. */
  readonly detailed?: boolean;
  readonly filter?: YieldFilter;
  /** Runs that are left to somebody else. */
  readonly except?: (row: number, runId: string) => boolean;
  readonly signal: AbortSignal;
}

/** Counts the finished runs of a batch, in the order of their rows, a few at a time. */
export async function countInto(
  count: BatchCount,
  database: ReadableDatabase,
  batchId: string,
  options: Omit<CountOptions, 'filter'>,
): Promise<void> {
  const { detailed = false, except, signal } = options;
  const yielder = createYielder(signal);
  const [first, last] = await extentOf(database, batchId, yielder);
  for (let after = first - 1; after < last; after += PAGE_ROWS) {
    const page = database.yieldRuns.listPage(batchId, after, Math.min(last, after + PAGE_ROWS));
    for (const run of page) {
      if (except?.(run.row, run.runId) === true) continue;
      const detail = detailed ? database.yieldRuns.getDetail(run.runId) : null;
      count.add(run, detail);
      if (detail !== null)
        await yielder.afterRows(DETAIL_ROWS + detail.steps.length + detail.measurements.length);
    }
    await yielder.afterRows(PAGE_ROWS);
  }
}

/** The rows of its first and last run; `[1, 0]` when there is none. Nobody waits for an index of a million runs. */
async function extentOf(
  database: ReadableDatabase,
  batchId: string,
  yielder: Yielder,
): Promise<[first: number, last: number]> {
  let [first, last] = [Infinity, 0];
  for (let after: RunCursor | null = null; ;) {
    const places = database.yieldRuns.listCursors(batchId, after, PLACES);
    for (const { row } of places) [first, last] = [Math.min(first, row), Math.max(last, row)];
    after = places.at(-1) ?? null;
    if (after === null) return last === 0 ? [1, 0] : [first, last];
    await yielder.afterRows(PAGE_ROWS);
  }
}

/** What a batch did, without what its runs are made of. Faults: `cancelled`. */
export async function countBatch(
  database: ReadableDatabase,
  batchId: string,
  signal: AbortSignal,
): Promise<BatchReport> {
  const count = createBatchCount();
  await countInto(count, database, batchId, { signal });
  return count.report(batchId);
}

/** A batch with its yields, phases, failures and measurements. Faults: `cancelled`. */
export async function countYield(
  database: ReadableDatabase,
  batchId: string,
  { filter = {}, ...options }: CountOptions,
): Promise<YieldResult & { readonly report: BatchReport }> {
  const count = createBatchCount(filter);
  await countInto(count, database, batchId, { detailed: true, ...options });
  return { ...count.yields.result(), report: count.report(batchId) };
}
