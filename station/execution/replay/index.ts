/** Replays a recording: the recipe, this one or a changed one, against what a unit said then. Touches no ledger. */
export { type ComparedStep, type Comparison } from './compare.ts';
export { type Difference } from './difference.ts';
export { recordedRecipe, type ReplayOptions, replayRun } from './replay-run.ts';
