import type { LocalizedText } from '#shared/recipe/common.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { stepName } from '#shared/recipe/index.ts';
import { stepPath } from '#shared/words/index.ts';
import { type ParsedRecipe, parseRecipe } from './parse-recipe.ts';

/**
 * The titles of the phases and steps of stored recipes, by their paths (`test`, `test/supply`); of several recipes the first one
 * that has a title decides. A recipe that this version cannot read has none. Each recipe is read once.
 */
export function createRecipeTitles(
  batches: Pick<ReadableDatabase['batches'], 'getRecipeSource' | 'getRecipeFiles'>,
): (recipeHashes: readonly string[]) => Record<string, LocalizedText> {
  const known = new Map<string, Readonly<Record<string, LocalizedText>>>();

  function titlesOf(hash: string): Readonly<Record<string, LocalizedText>> {
    const cached = known.get(hash);
    if (cached !== undefined) return cached;
    const titles = readTitles(batches.getRecipeSource(hash), batches.getRecipeFiles(hash));
    known.set(hash, titles);
    return titles;
  }

  return (recipeHashes) => {
    const titles: Record<string, LocalizedText> = {};
    for (const hash of recipeHashes) Object.assign(titles, { ...titlesOf(hash), ...titles });
    return titles;
  };
}

/** The titles of the phases and steps of one recipe, by their paths. */
export function titlesIn({ phases }: ParsedRecipe['recipe']): Record<string, LocalizedText> {
  const titled: [string, LocalizedText][] = [];
  for (const { name: phase, title, steps } of phases) {
    if (title !== undefined) titled.push([phase, title]);
    for (const step of steps)
      if (step.title !== undefined) titled.push([stepPath({ phase, step: stepName(step) }), step.title]);
  }
  return Object.fromEntries(titled);
}

function readTitles(source: string, files: ReadonlyMap<string, Uint8Array>): Record<string, LocalizedText> {
  try {
    return titlesIn(parseRecipe(source, 'recipe', files, { acceptedBefore: true }).recipe);
  } catch (error) {
    if (error instanceof Fault) return {};
    throw error;
  }
}
