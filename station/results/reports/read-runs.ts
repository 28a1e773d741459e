import type { Yielder } from '#node-kit/async/index.ts';
import { FROM_THE_START, type RunPosition, type Store, type WholeRun } from '../../core/database/index.ts';

/** Runs per query: a short read, with few queries. */
const PAGE_RUNS = 50;

/** The runs of a report: those of a batch that have started until now. */
export interface Extent {
  readonly batchId: string;
  readonly runs: number;
  readonly until: number;
}

export function extentOf(store: Store, batchId: string): Extent {
  return { batchId, ...store.reportRuns.extent(batchId) };
}

/** Reads the runs of a batch one by one, oldest first. */
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
