import type { RunChoices } from '#shared/contract/index.ts';

/** The titles of the phases of some recipes, by the names of the phases. */
export type PhaseTitles = (recipeHashes: readonly string[]) => RunChoices['phaseTitles'];
