import type { BatchYield } from '#shared/contract/index.ts';
import type { MeasuredSeries } from '#shared/domain/yield/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';

/** The measurements with the runs of their latest values. Many values are of one run, so that each id is given once. */
export function withRecentRuns(
  { figures }: ReadableDatabase,
  measurements: readonly MeasuredSeries[],
): Pick<BatchYield, 'measurements' | 'recentRuns'> {
  const rows = [...new Set(measurements.flatMap(({ recentRows }) => recentRows))];
  const runs = figures.listRunIds(rows);
  const places = new Map(runs.map(({ row }, place) => [row, place]));
  return {
    measurements: measurements.map(({ recentRows, ...series }) => ({
      ...series,
      recentRuns: recentRows.map((row) => places.get(row) ?? -1),
    })),
    recentRuns: runs.map(({ runId }) => runId),
  };
}
