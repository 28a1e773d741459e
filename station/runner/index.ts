/** Recipes: load, execute, measure, record. The record is the product. */
export {
  besideFile,
  inspectRecipe,
  parseRecipe,
  type ParsedRecipe,
  recipeHash,
  type RecipeIssue,
} from './recipe/parse-recipe.ts';
export { finishRun, runKey } from './finish-run.ts';
export { interruptedFailure } from './interrupted-failure.ts';
export type { Prompt } from './prompt.ts';
export { recipeJsonSchema } from './recipe/json-schema.ts';
export { changesSince, lockRecipe, makeLock, parseLock, requireLocked } from './recipe/lock.ts';
export { checkRecipe, readRecipe } from './recipe/read-recipe.ts';
export { endInterrupted, recover, type Recovery } from './recover.ts';
export type { ResumePoint } from './resume.ts';
export type { RunEvent, RunResult } from './run-events.ts';
export type { RunnerParts, RunOrder } from './run-order.ts';
export { runUnit } from './run-unit.ts';
export { toResumePoint } from './record-run.ts';
export type { ClaimedFacts, UnitFacts, Whereabouts } from './ledger-facts.ts';
