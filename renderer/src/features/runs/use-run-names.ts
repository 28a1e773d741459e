import type { RunChoices } from '#shared/contract/index.ts';
import { computed, type ComputedRef } from 'vue';
import { useTranslator } from '#services/i18n/index.ts';
import { placeName } from '#shared/words/index.ts';
import { useBatch } from '#stores/index.ts';
import type { FilterNames } from './filter-chips.ts';

/** Names of batches, recipes, phases and steps in the language of the page; an id without a name is its own name. */
export function useRunNames(choices: () => RunChoices | null): ComputedRef<FilterNames> {
  const batches = useBatch();
  const i18n = useTranslator();
  return computed(() => ({
    batch: (batchId) => batches.choices.find((batch) => batch.batchId === batchId)?.name ?? batchId,
    recipe(hash) {
      const found = choices()?.recipes.find((recipe) => recipe.hash.startsWith(hash));
      return found === undefined ? hash.slice(0, 8) : `${found.name} ${found.version}`;
    },
    place: (place) => placeName(choices()?.recipeTitles ?? {}, place, i18n.value.language),
  }));
}
