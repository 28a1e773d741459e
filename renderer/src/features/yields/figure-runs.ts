import { formatRunQuery, type RunFilter } from '#shared/contract/index.ts';
import type { RouteLocationRaw } from 'vue-router';
import type { CountedFilter } from './use-batch-yield.ts';

/** The filters that find exactly the runs behind the figures of a batch. */
export interface FigureRuns {
  /** All counted runs. */
  readonly runs: RunFilter;
  /** The first run of each counted unit. */
  readonly firstRuns: RunFilter;
  /** The run whose measured values count, of each counted unit. */
  readonly measuredRuns: RunFilter;
}

const TESTED = ['PASS', 'FAIL', 'TIMEOUT'] as const;

export function figureRunsOf(
  batchId: string,
  { slot, fromMs, stationErrors = true }: CountedFilter,
): FigureRuns {
  const of = stationErrors ? 'any' : 'tested';
  const own = {
    ...(slot === undefined ? {} : { slot }),
    ...(fromMs === undefined ? {} : { fromAtMs: fromMs }),
  };
  const isWhole = slot === undefined && fromMs === undefined;
  return {
    runs: { batchId, ...own, ...(stationErrors ? {} : { outcomes: [...TESTED] }) },
    firstRuns: { batchId, ...own, first: of },
    measuredRuns: { batchId, counted: true, ...(isWhole ? {} : { firstRun: { of, ...own } }) },
  };
}

/** The list of the runs of a filter. */
export const listOf = (filter: RunFilter): RouteLocationRaw => ({
  name: 'runs',
  query: formatRunQuery(filter),
});
