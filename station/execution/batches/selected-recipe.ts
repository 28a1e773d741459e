import { Fault } from '#shared/domain/fault.ts';
import type { Recipe } from '#shared/recipe/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { readStoredRecipe } from './stored-recipe.ts';

/** Key of the selected batch in the table `meta`; persisted. */
export const SELECTED = 'batch.active';

/** The recipe of the selected batch; `null` when none is selected, and for one that cannot be read. */
export function readSelectedRecipe({ meta, batches }: ReadableDatabase): Recipe | null {
  const batchId = meta.get(SELECTED);
  const row = batchId === null ? null : batches.findById(batchId);
  if (row === null) return null;
  try {
    return readStoredRecipe(batches, row.recipeHash, `recipe of batch ${row.name}`).recipe;
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}
