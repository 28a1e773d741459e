import { isLastAttempt } from './phase-yield.ts';
import type { YieldRun, YieldRunDetail } from './yield-run.ts';

/** A failure cause. Each run that did not pass has exactly one cause, so that the shares add up to 1. */
export interface ParetoItem {
  readonly code: string;
  readonly phase: string;
  readonly step: string;
  /** The first measurement that was not met, or `null` when the step failed without one. */
  readonly measurement: string | null;
  readonly runs: number;
  /** 0 … 1 of all runs that did not pass. */
  readonly share: number;
  /** The share of this item and all items before it. */
  readonly cumulative: number;
  /** The message of the latest of these runs. */
  readonly example: string;
}

/** What a run that did not pass failed at. */
export type FailureCause = Pick<ParetoItem, 'code' | 'measurement' | 'phase' | 'step'>;

/** `firstRow` and `lastRow` make the result independent of the order in which runs are added. */
export type CountedCause = Omit<ParetoItem, 'share' | 'cumulative' | 'example'> & {
  readonly example?: string;
  readonly firstRow: number;
  readonly lastRow: number;
};

export interface FailurePareto {
  /** Counts a run; ignores a run that passed. */
  add(run: YieldRun, detail: YieldRunDetail | null): void;
  /** All causes, those with the most runs first. */
  result(): ParetoItem[];
}

export function createFailurePareto(): FailurePareto {
  const causes = new Map<string, CountedCause>();
  return {
    add(run, detail) {
      if (run.outcome === 'PASS') return;
      const { code, phase, step, measurement } = failureCauseOf(run, detail);
      const example = run.failure?.message ?? '';
      const key = JSON.stringify([code, phase, step, measurement]);
      const cause = causes.get(key) ?? {
        code,
        phase,
        step,
        measurement,
        runs: 0,
        firstRow: Infinity,
        lastRow: 0,
      };
      causes.set(key, {
        ...cause,
        runs: cause.runs + 1,
        firstRow: Math.min(cause.firstRow, run.row),
        lastRow: Math.max(cause.lastRow, run.row),
        example: run.row > cause.lastRow ? example : (cause.example ?? ''),
      });
    },
    result: () => toPareto([...causes.values()]),
  };
}

/** The cause of a run that did not pass. */
export function failureCauseOf(run: Pick<YieldRun, 'failure'>, detail: YieldRunDetail | null): FailureCause {
  const { code = 'internal', phase = '', step = '' } = run.failure ?? {};
  return { code, phase, step, measurement: failedMeasurementOf(run, detail) };
}

/** Causes with their shares, those with the most runs first. */
export function toPareto(causes: readonly CountedCause[]): ParetoItem[] {
  const failedRuns = causes.reduce((sum, { runs }) => sum + runs, 0);
  let cumulativeRuns = 0;
  return [...causes]
    .sort((a, b) => b.runs - a.runs || a.firstRow - b.firstRow)
    .map(({ code, phase, step, measurement, runs, example = '' }) => {
      cumulativeRuns += runs;
      const share = runs / failedRuns;
      return {
        code,
        phase,
        step,
        measurement,
        runs,
        share,
        cumulative: cumulativeRuns / failedRuns,
        example,
      };
    });
}

/** The first measurement outside its limits in the last attempt of the failed step, else the one that the fault names. */
function failedMeasurementOf(run: Pick<YieldRun, 'failure'>, detail: YieldRunDetail | null): string | null {
  const { failure } = run;
  if (failure === null) return null;
  const steps = detail?.steps ?? [];
  const stepIndex = steps.findIndex(
    ({ phase, step }, index) =>
      phase === failure.phase &&
      step === failure.step &&
      isLastAttempt(steps, index) &&
      isFailed(steps[index]),
  );
  const seq = steps[stepIndex]?.seq;
  const unmet = detail?.measurements.find(({ stepSeq, outcome }) => stepSeq === seq && outcome !== 'PASS');
  return unmet?.name ?? failure.measurement;
}

function isFailed(step: YieldRunDetail['steps'][number] | undefined): boolean {
  return step !== undefined && step.outcome !== 'PASS';
}
