import type { Yielder } from '#node-kit/async/index.ts';
import {
  FROM_THE_START,
  type RunPosition,
  type ReadableDatabase,
  type RunDetails,
} from '../../core/database/index.ts';

/** Runs per query: a short read, with few queries. */
const PAGE_RUNS = 50;

/** The runs of a report: those of a batch that have started until now. */
export interface Extent {
  readonly batchId: string;
  readonly runs: number;
  readonly until: number;
}

export function extentOf(database: ReadableDatabase, batchId: string): Extent {
  return { batchId, ...database.reportRuns.getExtent(batchId) };
}

/** Reads the runs of a batch one by one, oldest first. */
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
