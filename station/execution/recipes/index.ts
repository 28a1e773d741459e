/** Recipes: read with all mistakes at once, parsed, hashed, locked; the JSON Schema of the file format. */
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
export { checkRecipe, readRecipe } from './read-recipe.ts';
export { filesOf, isPicture } from './recipe-files.ts';
