import type { Failure } from './use-batch-report.ts';

export interface Bar {
  readonly failure: Failure;
  /** 0 … 1 of all failures. */
  readonly share: number;
  /** This one and all before it. */
  readonly cumulative: number;
  /** 0 … 1 of the longest bar. */
  readonly length: number;
}

/** The first `most` failures as bars; shares are of all of them, also of those not shown. */
export function paretoBars(failures: readonly Failure[], most: number): Bar[] {
  const sorted = failures.toSorted((a, b) => b.runs - a.runs);
  const total = sorted.reduce((sum, { runs }) => sum + runs, 0);
  const longest = sorted[0]?.runs ?? 0;
  let before = 0;
  return sorted.slice(0, most).map((failure) => {
    before += failure.runs;
    return {
      failure,
      share: failure.runs / total,
      cumulative: before / total,
      length: failure.runs / longest,
    };
  });
}
