/** This module is for the trace of what was refused: told, counted and kept, in bounds that no flood passes. */
export { createRefusals, type Refusal, type Refusals } from './create-refusals.ts';
