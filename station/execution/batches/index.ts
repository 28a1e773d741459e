/** Batches (工单): made from a recipe, selected by the operator, counted by the latest runs of their units. */
export { batchNeeds } from './batch-needs.ts';
export { Batches } from './batches.ts';
export { readSelectedRecipe } from './selected-recipe.ts';
export { readStoredRecipe } from './stored-recipe.ts';
export { batchHandlers } from './handlers.ts';
