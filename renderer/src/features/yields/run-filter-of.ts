import type { RunFilter } from '#shared/contract/index.ts';
import type { YieldFilter } from './use-batch-yield.ts';

/** The runs of a batch that its figures are of. The time range ends at `nowMs`. */
export function runFilterOf(
  batchId: string,
  { slot, sinceMs, stationErrors }: YieldFilter,
  nowMs: number,
): RunFilter {
  return {
    batchId,
    ...(slot === null ? {} : { slot }),
    ...(sinceMs === null ? {} : { fromAtMs: Math.max(0, nowMs - sinceMs) }),
    ...(stationErrors ? {} : { outcomes: ['PASS', 'FAIL', 'TIMEOUT', 'running'] }),
  };
}
