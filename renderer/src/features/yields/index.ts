/** The yields of a batch: figures, phases, curve over time, and measurements. */
export { default as CountingNotice } from './CountingNotice.vue';
export { default as MeasuredValues } from './MeasuredValues.vue';
export { default as PhaseYields } from './PhaseYields.vue';
export { default as YieldCurve } from './YieldCurve.vue';
export { default as YieldFigures } from './YieldFigures.vue';
export { default as YieldFilterBar } from './YieldFilterBar.vue';
export { type FigureRuns, figureRunsOf, listOf } from './figure-runs.ts';
export { useBatchYield } from './use-batch-yield.ts';
export { default as YieldWarnings } from './YieldWarnings.vue';
