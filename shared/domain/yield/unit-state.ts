import type { UnitRecord } from './unit-index.ts';

/** How far a unit came in a batch, for runs that are added in the order of their rows. */
export interface UnitState {
  /** Its runs; more than three count as four. */
  readonly runs: number;
  readonly firstPassed: boolean;
  readonly secondPassed: boolean;
  readonly thirdPassed: boolean;
  readonly lastPassed: boolean;
  /** One of its runs identified its chip. */
  readonly hasChip: boolean;
  /** The measurements of one of its runs are counted. */
  readonly measured: boolean;
  /** The phases that it reached, and those that it passed at first, one bit each. */
  readonly reached: number;
  readonly passed: number;
}

export const NEW_UNIT: UnitState = {
  runs: 0,
  firstPassed: false,
  secondPassed: false,
  thirdPassed: false,
  lastPassed: false,
  hasChip: false,
  measured: false,
  reached: 0,
  passed: 0,
};

/** The state after one more run. */
export function afterRun(state: UnitState, passed: boolean): UnitState {
  const runs = Math.min(4, state.runs + 1);
  return {
    ...state,
    runs,
    lastPassed: passed,
    ...(runs === 1 ? { firstPassed: passed } : {}),
    ...(runs === 2 ? { secondPassed: passed } : {}),
    ...(runs === 3 ? { thirdPassed: passed } : {}),
  };
}

/** A phase that it reached for the first time; a phase that it reached before changes nothing. */
export function afterPhase(state: UnitState, bit: number, passed: boolean): UnitState {
  if (hasBit(state.reached, bit)) return state;
  const value = 2 ** bit;
  return {
    ...state,
    reached: state.reached + value,
    passed: passed ? state.passed + value : state.passed,
  };
}

export function hasBit(mask: number, bit: number): boolean {
  return Math.floor(mask / 2 ** bit) % 2 === 1;
}

/** As `tally` counts it. */
export function asCounted(state: UnitState): Pick<UnitRecord, 'counted' | 'seen'> & UnitState {
  return { ...state, counted: true, seen: true };
}

const FLAGS = ['firstPassed', 'secondPassed', 'thirdPassed', 'lastPassed', 'hasChip', 'measured'] as const;
/** Bits of the number of runs. */
const RUN_BITS = 3;

/** All but the phases, as one number. */
export function toBits(state: UnitState): number {
  return FLAGS.reduce((bits, flag, at) => bits + (state[flag] ? 1 << (at + RUN_BITS) : 0), state.runs);
}

export function fromBits(bits: number, reached: number, passed: number): UnitState {
  const isSet = (at: number): boolean => ((bits >> (at + RUN_BITS)) & 1) === 1;
  const flags = Object.fromEntries(FLAGS.map((flag, at) => [flag, isSet(at)]));
  return { ...NEW_UNIT, ...flags, runs: bits & ((1 << RUN_BITS) - 1), reached, passed };
}
