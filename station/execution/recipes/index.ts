/** Recipes as files: reading, checking, hashing and locking them; the JSON Schema of the file format. */
export { type CheckedRecipe, ContentChecker } from './content-checker.ts';
export { issueViews } from './issue-views.ts';
export { recipeJsonSchema } from './json-schema.ts';
export { changesSince, lockRecipe, makeLock, parseLock, requireLocked } from './lock-recipe.ts';
export {
  pathBeside,
  inspectRecipe,
  parseRecipe,
  type ParsedRecipe,
  recipeFault,
  type RecipeFiles,
  recipeHash,
  type RecipeIssue,
} from './parse-recipe.ts';
export {
  checkRecipe,
  fileNamesIn,
  isFileName,
  MAX_FILE_BYTES,
  rawNamesIn,
  readRecipe,
} from './read-recipe.ts';
export { createRecipeTitles, titlesIn } from './recipe-titles.ts';
export { filesOf, isBinary, isRaw } from './recipe-files.ts';
export { writtenRecipe } from './written-recipe.ts';
