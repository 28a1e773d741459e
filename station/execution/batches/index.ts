/** Batches (工单): made from a recipe, picked by the operator, counted by what their units' latest runs say. */
export { createBatches, type Batches } from './batches.ts';
export { readStoredRecipe } from './stored-recipe.ts';
export { batchHandlers } from './handlers.ts';
