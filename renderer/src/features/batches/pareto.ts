import type { BatchYield, RunFilter } from '#shared/contract/index.ts';
import { FAULT_CODES } from '#shared/domain/fault.ts';

export type Cause = BatchYield['pareto'][number];

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
