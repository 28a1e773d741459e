import { share } from './unit-figures.ts';
import type { UnitRecord } from './unit-index.ts';
import type { YieldRun, YieldStep } from './yield-run.ts';

/** The first-pass yield of a phase: the units that reached it, and those that passed it the first time. */
export interface PhaseYield {
  readonly phase: string;
  readonly units: number;
  readonly firstPass: number;
  readonly fpy: number | null;
}

/** The number of bits in a safe integer; further phases are not counted. */
export const MAX_PHASES = 52;

interface Counted {
  readonly phase: string;
  readonly bit: number;
  /** Its latest position in a run. */
  place: number;
  units: number;
  firstPass: number;
}

/** Counts the first passes of each phase. */
export interface PhaseYields {
  add(unit: UnitRecord, run: YieldRun, steps: readonly YieldStep[]): void;
  /** In the order of a run. */
  result(): PhaseYield[];
}

export function createPhaseYields(): PhaseYields {
  const known = new Map<string, Counted>();

  function find(phase: string): Counted | null {
    const found = known.get(phase);
    if (found !== undefined) return found;
    if (known.size === MAX_PHASES) return null;
    const made: Counted = { phase, bit: 2 ** known.size, place: 0, units: 0, firstPass: 0 };
    known.set(phase, made);
    return made;
  }

  return {
    add(unit, run, steps) {
      for (const { phase, passed, place } of phasesOf(run, steps)) {
        const counted = find(phase);
        if (counted === null) continue;
        counted.place = Math.max(counted.place, place);
        if (Math.floor(unit.phases / counted.bit) % 2 === 1) continue;
        unit.phases += counted.bit;
        counted.units += 1;
        if (passed) counted.firstPass += 1;
      }
    },
    result: () =>
      [...known.values()]
        .sort((a, b) => a.place - b.place || (a.phase < b.phase ? -1 : 1))
        .map(({ phase, units, firstPass }) => ({ phase, units, firstPass, fpy: share(firstPass, units) })),
  };
}

/** Rolled throughput yield: the product of the first-pass yields of all phases. */
export function rolledThroughput(yields: readonly (number | null)[]): number | null {
  const known = yields.filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((product, one) => product * one, 1);
}

/**
 * The phases that a run reached, with their results; none for a run that ended before its first phase (a missing port). A
 * phase passed when the last attempt of each of its steps passed. When all phases passed but the run did not (it was
 * stopped between two phases, or a power failure interrupted it), the last phase counts as not passed.
 */
export function phasesOf(
  run: Pick<YieldRun, 'outcome'>,
  steps: readonly YieldStep[],
): { phase: string; passed: boolean; place: number }[] {
  const found = new Map<string, { phase: string; passed: boolean; place: number }>();
  steps.forEach((step, index) => {
    const phase = found.get(step.phase) ?? { phase: step.phase, passed: true, place: step.seq };
    phase.place = step.seq;
    found.set(step.phase, phase);
    if (step.outcome !== 'PASS' && isLastAttempt(steps, index)) phase.passed = false;
  });
  const phases = [...found.values()];
  const last = phases.at(-1);
  if (last !== undefined && run.outcome !== 'PASS' && phases.every((phase) => phase.passed))
    last.passed = false;
  return phases;
}

/** True for the last attempt of a step. */
export function isLastAttempt(steps: readonly YieldStep[], index: number): boolean {
  const [step, next] = [steps[index], steps[index + 1]];
  if (step === undefined || next === undefined) return true;
  return next.step !== step.step || next.phase !== step.phase || next.attempt <= step.attempt;
}
