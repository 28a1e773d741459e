import type { RunChoices } from '#shared/contract/index.ts';

/** The titles of the phases and steps of some recipes, by their paths. */
export type RecipeTitles = (recipeHashes: readonly string[]) => RunChoices['recipeTitles'];
