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
  /** What the latest of them said. */
  readonly example: string;
}

/** First and last are determined by rows, so that runs may be added in any order. */
type Cause = Omit<ParetoItem, 'share' | 'cumulative' | 'example'> & {
  readonly example?: string;
  readonly firstRow: number;
  readonly lastRow: number;
};

export interface FailurePareto {
  /** Nothing for a run that passed. */
  add(run: YieldRun, detail: YieldRunDetail | null): void;
  /** Most runs first. */
  result(): ParetoItem[];
}

export function createFailurePareto(): FailurePareto {
  const causes = new Map<string, Cause>();
  let all = 0;
  return {
    add(run, detail) {
      if (run.outcome === 'PASS') return;
      const { code = 'internal', phase = '', step = '', message: example = '' } = run.failure ?? {};
      const measurement = culprit(run, detail);
      const key = JSON.stringify([code, phase, step, measurement]);
      all += 1;
      const known = causes.get(key) ?? {
        code,
        phase,
        step,
        measurement,
        runs: 0,
        firstRow: Infinity,
        lastRow: 0,
      };
      causes.set(key, {
        ...known,
        runs: known.runs + 1,
        firstRow: Math.min(known.firstRow, run.row),
        lastRow: Math.max(known.lastRow, run.row),
        example: run.row > known.lastRow ? example : (known.example ?? ''),
      });
    },
    result() {
      let before = 0;
      return [...causes.values()]
        .sort((a, b) => b.runs - a.runs || a.firstRow - b.firstRow)
        .map(({ code, phase, step, measurement, runs, example = '' }) => {
          before += runs;
          const share = runs / all;
          return { code, phase, step, measurement, runs, share, cumulative: before / all, example };
        });
    },
  };
}

/** The first measurement outside its limits in the last attempt of the step that failed, else the one the fault names. */
function culprit(run: YieldRun, detail: YieldRunDetail | null): string | null {
  const { failure } = run;
  if (failure === null) return null;
  const steps = detail?.steps ?? [];
  const at = steps.findIndex(
    ({ phase, step }, index) =>
      phase === failure.phase &&
      step === failure.step &&
      isLastAttempt(steps, index) &&
      isFailed(steps[index]),
  );
  const seq = steps[at]?.seq;
  const unmet = detail?.measurements.find(({ stepSeq, outcome }) => stepSeq === seq && outcome !== 'PASS');
  return unmet?.name ?? failure.measurement;
}

function isFailed(step: YieldRunDetail['steps'][number] | undefined): boolean {
  return step !== undefined && step.outcome !== 'PASS';
}
