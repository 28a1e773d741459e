import type { RunChoices } from '#shared/contract/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import type { RecipeTitles } from './recipe-titles.ts';

/** The values that runs of this station have. */
export function listChoices(database: ReadableDatabase, recipeTitles: RecipeTitles): RunChoices {
  const { recipeHashes, ...choices } = database.runSearch.listChoices();
  return {
    ...choices,
    recipes: recipeHashes.map((hash) => ({ hash, ...database.batches.getRecipeName(hash) })),
    recipeTitles: recipeTitles(recipeHashes),
  };
}
