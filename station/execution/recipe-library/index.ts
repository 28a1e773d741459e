/** Recipes known to the station: shipped examples, drafts, and versions that are locked, released and withdrawn. */
export { RecipeExamples } from './examples.ts';
export { recipeHandlers } from './handlers.ts';
export { RecipeDrafts } from './recipe-drafts.ts';
export { RecipeLibrary } from './recipe-library.ts';
