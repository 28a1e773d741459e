import type { BatchYield, RunFilter } from '#shared/contract/index.ts';
import { FAULT_CODES } from '#shared/domain/fault.ts';

export type Cause = BatchYield['pareto'][number];

export interface Bar {
  readonly cause: Cause;
  /** 0 … 1 of the longest bar. */
  readonly length: number;
}

/** The first `maxBars` causes as bars. */
export function paretoBars(causes: readonly Cause[], maxBars: number): Bar[] {
  const longest = causes[0]?.runs ?? 1;
  return causes.slice(0, maxBars).map((cause) => ({ cause, length: cause.runs / longest }));
}

/** The runs of a filter that failed by this cause, independent of the measured value. */
export function runsOfCause(runs: RunFilter, { code, phase, step, measurement }: Cause): RunFilter {
  const failureCode = FAULT_CODES.find((known) => known === code);
  return {
    ...runs,
    ...(failureCode === undefined ? {} : { failureCode }),
    failurePhase: phase,
    failureStep: step,
    ...(measurement === null ? {} : { failureMeasurement: measurement }),
  };
}
