import { type FaultCode, FAULT_CLASS } from './fault.ts';

/** The result of a run, phase, step or measurement. FAIL: the unit is bad; ERROR: the station could not test it. */
export const OUTCOMES = ['PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The outcome of a step that ended with a fault. */
export function outcomeOfFault(code: FaultCode): Exclude<Outcome, 'PASS'> {
  if (code === 'cancelled') return 'ABORTED';
  if (code === 'timeout') return 'TIMEOUT';
  return FAULT_CLASS[code] === 'unit' ? 'FAIL' : 'ERROR';
}

/** Severity order: a run has the outcome of its worst phase. ABORTED is the worst, because the rest was not tested. */
const GRAVITY: Record<Outcome, number> = { PASS: 0, FAIL: 1, TIMEOUT: 2, ERROR: 3, ABORTED: 4 };

export function worstOutcome(outcomes: Iterable<Outcome>): Outcome {
  let worst: Outcome = 'PASS';
  for (const outcome of outcomes) if (GRAVITY[outcome] > GRAVITY[worst]) worst = outcome;
  return worst;
}

/** The first failure of a run that did not pass. */
export interface RunFailure {
  readonly code: FaultCode;
  readonly phase: string;
  readonly step: string;
  /** English text for reports; the screen has its own text for each code. Never a secret. */
  readonly message: string;
  readonly hint: string | null;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}
