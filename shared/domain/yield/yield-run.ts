import type { MeasuredValue } from '../limits.ts';
import type { Outcome } from '../outcome.ts';

/** The data of a finished run that yield needs; WATS calls it a report. */
export interface YieldRun {
  /** Its position among all runs of the station; it gives the order, not the clock. */
  readonly row: number;
  /** An identifier of the chip; `null` when the unit was never identified. */
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
  /** The first failure; `null` after a PASS. */
  readonly failure: YieldFailure | null;
}

export interface YieldFailure {
  readonly code: string;
  readonly phase: string;
  readonly step: string;
  readonly message: string;
  /** The measurement that the fault names. */
  readonly measurement: string | null;
}

/** One attempt of a step. */
export interface YieldStep {
  readonly seq: number;
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly outcome: Outcome;
}

/** A measurement that has numeric limits or failed. */
export interface YieldMeasurement {
  readonly stepSeq: number;
  readonly name: string;
  readonly value: MeasuredValue;
  readonly unit: string | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly outcome: Outcome;
  /** The position on a curve as text; `null` for a single value. */
  readonly at: string | null;
  /** True when the limits were computed from earlier values of the same unit. */
  readonly relative: boolean;
}

/** The steps of a run in order, and its measurements. */
export interface YieldRunDetail {
  readonly steps: readonly YieldStep[];
  readonly measurements: readonly YieldMeasurement[];
}

/** True for outcomes that say nothing about the unit: errors of the station, and runs that a person stopped. */
export function isStationOutcome(outcome: Outcome): boolean {
  return outcome === 'ERROR' || outcome === 'ABORTED';
}
