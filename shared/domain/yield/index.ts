/** Yield as WATS defines it, failure Pareto, process capability and drift of measurements. */
export type { Capability } from './capability.ts';
export { BASELINE_UNITS, type Drift, DRIFT_RULES, type DriftRule, RECENT_UNITS } from './drift.ts';
export {
  type CountedCause,
  type FailureCause,
  failureCauseOf,
  type ParetoItem,
  toPareto,
} from './failure-pareto.ts';
export type { Histogram } from './histogram.ts';
export { MAX_SERIES, type MeasuredSeries, type RowValue, toMeasuredSeries } from './measurement-series.ts';
export { MAX_PHASES, phasesOf, type PhaseYield, rolledThroughput } from './phase-yield.ts';
export {
  type SeriesNames,
  SeriesSums,
  type SeriesSumsState,
  type SeriesValue,
  seriesValuesOf,
} from './series-sums.ts';
export { noUnits, share, tally } from './unit-figures.ts';
export {
  afterPhase,
  afterRun,
  asCounted,
  fromBits,
  hasBit,
  NEW_UNIT,
  toBits,
  type UnitState,
} from './unit-state.ts';
export { createYieldCount, type YieldCount, type YieldFigures, type YieldResult } from './yield-count.ts';
export { createYieldCurve, type CurvePoint, type YieldCurve } from './yield-curve.ts';
export type { YieldFilter } from './yield-filter.ts';
export {
  isStationOutcome,
  type YieldMeasurement,
  type YieldRun,
  type YieldRunDetail,
  type YieldStep,
} from './yield-run.ts';
