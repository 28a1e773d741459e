import type { Yielder } from '#node-kit/async/index.ts';
import { FROM_THE_START, type RunPosition, type Store, type WholeRun } from '../../core/database/index.ts';

/** Small enough that a page is a short read, long enough that the pages do not count. */
const PAGE_RUNS = 50;

/** Which part of a batch a report is about: what was started until now. */
export interface Extent {
  readonly batchId: string;
  readonly runs: number;
  readonly until: number;
}

export function extentOf(store: Store, batchId: string): Extent {
  return { batchId, ...store.reportRuns.extent(batchId) };
}

/** The runs of a batch one by one, oldest first, each as it was when its page was read. */
export async function* readRuns(
  store: Store,
  { batchId, until }: Extent,
  yielder: Yielder,
): AsyncGenerator<WholeRun> {
  let after: RunPosition = FROM_THE_START;
  for (;;) {
    const page = store.reportRuns.page(batchId, after, until, PAGE_RUNS);
    for (const run of page) {
      const whole = store.reportRuns.whole(run);
      yield whole;
      await yielder.afterRows(1 + whole.steps.length + whole.measurements.length);
    }
    const last = page.at(-1);
    if (last === undefined) return;
    after = last;
  }
}
