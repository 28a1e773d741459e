/** This module is for the trace of what was refused: told, counted and kept, in bounds that no flood passes. */
export { createRefusalLog, type Refusal, type RefusalLog } from './refusal-log.ts';
