/** Recipes known to the station: shipped examples, drafts, and versions that are locked, released and withdrawn. */
export { createRecipes } from './create-recipes.ts';
export { recipeHandlers } from './handlers.ts';
