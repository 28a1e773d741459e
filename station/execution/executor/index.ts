/** Recipes: load, execute, measure, record. The record is the product. */
export {
  besideFile,
  inspectRecipe,
  parseRecipe,
  type ParsedRecipe,
  recipeHash,
  type RecipeIssue,
} from '../recipes/parse-recipe.ts';
export { finishRun, runKey } from './finish-run.ts';
export { interruptedFailure } from './interrupted-failure.ts';
export type { Prompt } from '../run-context/prompt.ts';
export { recipeJsonSchema } from '../recipes/json-schema.ts';
export { changesSince, lockRecipe, makeLock, parseLock, requireLocked } from '../recipes/lock-recipe.ts';
export { checkRecipe, readRecipe } from '../recipes/read-recipe.ts';
export { endInterrupted, recover, type Recovery } from './recover.ts';
export type { ResumePoint } from './resume.ts';
export type { RunEvent, RunResult } from './run-events.ts';
export type { RunnerParts, RunOrder } from './run-request.ts';
export { runUnit } from './run-unit.ts';
export { toResumePoint } from './record-run.ts';
export type { ClaimedFacts, UnitFacts, Whereabouts } from '../run-context/replay-facts.ts';
