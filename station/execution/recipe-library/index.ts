/** Recipes known to the station: shipped examples, drafts, and versions that are locked, released and withdrawn. */
export { createRecipes } from './create-recipes.ts';
export { recipeHandlers } from './handlers.ts';
export { readUploadedRecipe } from './read-uploads.ts';
export type { RecipeDrafts } from './recipe-drafts.ts';
export { type RecipeLibrary, recipeStateOf } from './recipe-library.ts';
