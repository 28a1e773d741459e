/** Recipes: load, execute, measure, record. The record is the product. */
export { inspectRecipe, parseRecipe, type ParsedRecipe, type RecipeIssue } from './recipe/parse-recipe.ts';
export { recover, type Recovery } from './recover.ts';
export type { RunEvent, RunResult } from './run-events.ts';
export { runUnit, type RunnerParts, type RunOrder } from './run-unit.ts';
