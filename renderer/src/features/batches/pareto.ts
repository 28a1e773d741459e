import type { BatchYield } from '#shared/contract/index.ts';

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
