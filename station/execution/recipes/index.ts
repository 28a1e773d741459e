/** Recipes as files: reading, checking, hashing and locking them; the JSON Schema of the file format. */
export { recipeJsonSchema } from './json-schema.ts';
export { changesSince, lockRecipe, makeLock, parseLock, requireLocked } from './lock-recipe.ts';
export {
  pathBeside,
  inspectRecipe,
  parseRecipe,
  type ParsedRecipe,
  recipeHash,
  type RecipeIssue,
} from './parse-recipe.ts';
export { createPhaseTitles } from './phase-titles.ts';
export { checkRecipe, readRecipe } from './read-recipe.ts';
export { filesOf, isPicture } from './recipe-files.ts';
