import type { BatchYield } from '#shared/contract/index.ts';

export type Cause = BatchYield['pareto'][number];

export interface Bar {
  readonly cause: Cause;
  /** 0 … 1 of the longest bar. */
  readonly length: number;
}

/** The first `most` causes as bars. */
export function paretoBars(causes: readonly Cause[], most: number): Bar[] {
  const longest = causes[0]?.runs ?? 1;
  return causes.slice(0, most).map((cause) => ({ cause, length: cause.runs / longest }));
}

/** The same reason, whatever was measured. */
export function isOf(
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
