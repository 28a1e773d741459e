import type { MeasuredValue } from '../limits.ts';
import type { Outcome } from '../outcome.ts';

/** A finished run as yield needs it. WATS calls it a report. */
export interface YieldRun {
  /** Its place among all runs of the station: which came after which is told by this and not by a clock. */
  readonly row: number;
  /** Whatever names the chip, or `null` when the unit never said who it is. */
  readonly chip: string | number | null;
  readonly serial: string | null;
  readonly outcome: Outcome;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly batchId: string;
  readonly slot: number;
  readonly station: string;
  readonly operator: string;
  readonly recipeVersion: string;
  readonly recipeHash: string;
  /** What went wrong first; `null` after a PASS. */
  readonly failure: YieldFailure | null;
}

export interface YieldFailure {
  readonly code: string;
  readonly phase: string;
  readonly step: string;
  readonly message: string;
  /** The measurement that the fault itself names. */
  readonly measurement: string | null;
}

/** An attempt of a step, in the order of the run. */
export interface YieldStep {
  readonly seq: number;
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly outcome: Outcome;
}

/** A measurement that has numeric limits or was not met. */
export interface YieldMeasurement {
  readonly stepSeq: number;
  readonly name: string;
  readonly value: MeasuredValue;
  readonly unit: string | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly outcome: Outcome;
  /** Where on a curve it lies, in words; `null` for a single value. */
  readonly at: string | null;
  /** Its limits are made of what the same unit said before; those of other units are others. */
  readonly relative: boolean;
}

/** What a run is made of. */
export interface YieldRunDetail {
  readonly steps: readonly YieldStep[];
  readonly measurements: readonly YieldMeasurement[];
}

/** True for what is the station's doing and not the unit's: its own errors, and runs that somebody stopped. */
export function isStationOutcome(outcome: Outcome): boolean {
  return outcome === 'ERROR' || outcome === 'ABORTED';
}
