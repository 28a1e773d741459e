/** Yield as WATS defines it, failure Pareto, process capability and drift of measurements. */
export type { Capability } from './capability.ts';
export { type Drift, DRIFT_RULES, type DriftRule } from './drift.ts';
export type { ParetoItem } from './failure-pareto.ts';
export type { Histogram } from './histogram.ts';
export type { MeasuredSeries } from './measurement-series.ts';
export { type PhaseYield, rolledThroughput } from './phase-yield.ts';
export { createYieldCount, type YieldCount, type YieldFigures, type YieldResult } from './yield-count.ts';
export type { CurvePoint } from './yield-curve.ts';
export type { YieldFilter } from './yield-filter.ts';
export type { YieldMeasurement, YieldRun, YieldRunDetail, YieldStep } from './yield-run.ts';
