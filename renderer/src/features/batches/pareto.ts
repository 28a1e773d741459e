import type { BatchYield } from '#shared/contract/index.ts';

export type Cause = BatchYield['pareto'][number];

/** Whether a failure has this cause, independent of the measured value. */
export function isOfCause(
  cause: Pick<Cause, 'code' | 'phase' | 'step'>,
  failure: { readonly code: string; readonly phase: string; readonly step: string } | null,
): boolean {
  return (
    failure !== null &&
    failure.code === cause.code &&
    failure.phase === cause.phase &&
    failure.step === cause.step
  );
}
