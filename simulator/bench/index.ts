/** A bench of fixtures and simulated units, and what an operator's hands do at it. */
export { Bench } from './bench.ts';
export type { FaultChange } from './fault-change.ts';
export { parseControl } from './control.ts';
export type { Control } from './control.ts';
export type { BenchEvent, UnitName } from './events.ts';
export { errorEvent, startBench } from './start-bench.ts';
export type { BenchOptions } from './start-bench.ts';
