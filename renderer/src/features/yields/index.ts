/** How good a batch is, as figures and as pictures: yields, phases, the course of time, and each measured value. */
export { default as MeasuredValues } from './MeasuredValues.vue';
export { default as PhaseYields } from './PhaseYields.vue';
export { default as YieldCurve } from './YieldCurve.vue';
export { default as YieldFigures } from './YieldFigures.vue';
export { default as YieldFilterBar } from './YieldFilterBar.vue';
export { useBatchYield } from './use-batch-yield.ts';
export { default as YieldWarnings } from './YieldWarnings.vue';
