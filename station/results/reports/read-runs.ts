import type { Yielder } from '#node-kit/async/index.ts';
import {
  FROM_THE_START,
  type RunPosition,
  type ReadableDatabase,
  type RunDetails,
} from '../../core/database/index.ts';

/** Small enough that a page is a short read, long enough that the pages do not count. */
const PAGE_RUNS = 50;

/** Which part of a batch a report is about: what was started until now. */
export interface Extent {
  readonly batchId: string;
  readonly runs: number;
  readonly until: number;
}

export function extentOf(database: ReadableDatabase, batchId: string): Extent {
  return { batchId, ...database.reportRuns.getExtent(batchId) };
}

/** The runs of a batch one by one, oldest first, each as it was when its page was read. */
export async function* readRuns(
  database: ReadableDatabase,
  { batchId, until }: Extent,
  yielder: Yielder,
): AsyncGenerator<RunDetails> {
  let after: RunPosition = FROM_THE_START;
  for (;;) {
    const page = database.reportRuns.listPage(batchId, after, until, PAGE_RUNS);
    for (const run of page) {
      const whole = database.reportRuns.getDetails(run);
      yield whole;
      await yielder.afterRows(1 + whole.steps.length + whole.measurements.length);
    }
    const last = page.at(-1);
    if (last === undefined) return;
    after = last;
  }
}
