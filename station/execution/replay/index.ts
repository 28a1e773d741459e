/** Runs the recorded or a changed recipe against a recording. Touches no unit, no network and no ledger of the station. */
export { type ComparedStep, type Comparison } from './compare.ts';
export type { Difference } from './replay-io.ts';
export { recordedRecipe, type ReplayOptions, replayRun } from './replay-run.ts';
export { recordingHandlers } from './handlers.ts';
