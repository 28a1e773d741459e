import { createYielder, type Yielder } from '#node-kit/async/index.ts';
import type { BatchCounts } from '#shared/contract/index.ts';
import type { YieldFilter, YieldResult } from '#shared/domain/yield/index.ts';
import type { RunCursor, ReadableDatabase } from '../../core/database/index.ts';
import { type BatchCount, createBatchCount } from './batch-count.ts';

/** Rows per query, which takes less than a millisecond. */
const PAGE_ROWS = 100;
/** Entries per query of an index alone. */
const INDEX_PAGE_ENTRIES = 500;
/** An index page costs as much as this number of full rows. */
const INDEX_PAGE_COST_ROWS = 100;
/** Fixed cost of reading the steps and measurements of a run, in rows. */
const DETAIL_COST_ROWS = 10;

export interface CountOptions {
  readonly filter?: YieldFilter;
  /** True for runs that are not counted here. */
  readonly except?: (row: number, runId: string) => boolean;
  readonly signal: AbortSignal;
}

/**
 * Counts the finished runs of a batch in the order of their rows, and yields to the event loop in between.
 * Faults: `cancelled`.
 *
 * @param detailed also reads phases and measurements, which takes twenty times as long
 */
export async function countInto(
  count: BatchCount,
  database: ReadableDatabase,
  batchId: string,
  { detailed, except, signal }: Omit<CountOptions, 'filter'> & { readonly detailed: boolean },
): Promise<void> {
  const yielder = createYielder(signal);
  const [first, last] = await extentOf(database, batchId, yielder);
  for (let after = first - 1; after < last; after += PAGE_ROWS) {
    const page = database.yieldRuns.listPage(batchId, after, Math.min(last, after + PAGE_ROWS));
    for (const run of page) {
      if (except?.(run.row, run.runId) === true) continue;
      const detail = detailed ? database.yieldRuns.getDetail(run.runId) : null;
      count.add(run, detail);
      if (detail !== null)
        await yielder.afterRows(DETAIL_COST_ROWS + detail.steps.length + detail.measurements.length);
    }
    await yielder.afterRows(PAGE_ROWS);
  }
}

/** Rows of the first and last run; `[1, 0]` without runs. Reads the index in pages, because it may have a million entries. */
export async function extentOf(
  database: ReadableDatabase,
  batchId: string,
  yielder: Yielder,
): Promise<[first: number, last: number]> {
  let [first, last] = [Infinity, 0];
  for (let after: RunCursor | null = null; ;) {
    const positions = database.yieldRuns.listCursors(batchId, after, INDEX_PAGE_ENTRIES);
    for (const { row } of positions) [first, last] = [Math.min(first, row), Math.max(last, row)];
    after = positions.at(-1) ?? null;
    if (after === null) return last === 0 ? [1, 0] : [first, last];
    await yielder.afterRows(INDEX_PAGE_COST_ROWS);
  }
}

/** The yields of a batch with phases, failures and measurements. Faults: `cancelled`. */
export async function countYield(
  database: ReadableDatabase,
  batchId: string,
  { filter = {}, ...options }: CountOptions,
): Promise<YieldResult & { readonly report: BatchCounts }> {
  const count = createBatchCount(filter);
  await countInto(count, database, batchId, { detailed: true, ...options });
  return { ...count.yields.result(), report: count.report(batchId) };
}
