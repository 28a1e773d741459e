import { type FaultCode, FAULT_CLASS } from './fault.ts';

/** How a run, phase, step or measurement ended. FAIL is the unit's, ERROR the station's; they are never mixed. */
export const OUTCOMES = ['PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Whose doing a fault is, as an outcome. */
export function outcomeOfFault(code: FaultCode): Exclude<Outcome, 'PASS'> {
  if (code === 'cancelled') return 'ABORTED';
  if (code === 'timeout') return 'TIMEOUT';
  return FAULT_CLASS[code] === 'unit' ? 'FAIL' : 'ERROR';
}

/** From harmless to grave: a run is as bad as its worst phase. ABORTED wins, since nothing after it was tried. */
const GRAVITY: Record<Outcome, number> = { PASS: 0, FAIL: 1, TIMEOUT: 2, ERROR: 3, ABORTED: 4 };

export function worstOutcome(outcomes: Iterable<Outcome>): Outcome {
  let worst: Outcome = 'PASS';
  for (const outcome of outcomes) if (GRAVITY[outcome] > GRAVITY[worst]) worst = outcome;
  return worst;
}

/** Why a run did not pass: the first thing that went wrong, in words for the screen and for the report. */
export interface RunFailure {
  readonly code: FaultCode;
  readonly phase: string;
  readonly step: string;
  /** Plain English for reports; the screen has its own words per code. Never a secret. */
  readonly message: string;
  readonly hint: string | null;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}
