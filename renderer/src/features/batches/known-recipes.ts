import type { RecipeChoice, StationContract } from '#shared/contract/index.ts';
import type { CallOutput } from '#shared/rpc/index.ts';
import type { Translator } from '#services/i18n/index.ts';
import type { SelectOption } from '#ui/index.ts';

/** A recipe that the station knows, for a new batch. */
export interface KnownRecipe {
  readonly key: string;
  readonly choice: RecipeChoice;
  /** Empty: not known to the page. */
  readonly hash: string;
}

type RecipeList = CallOutput<StationContract, 'recipes.list'>;
/** Of a hash: two recipes may have the same name and version. */
const SHOWN_DIGITS = 8;
const RANK = { released: 0, locked: 1, trial: 2, withdrawn: 3 } as const;

/** The recipes that a batch can be made from: released ones first, examples last. Recipes with mistakes are left out. */
export function knownRecipes(
  { versions, drafts, examples }: RecipeList,
  i18n: Translator,
): { readonly recipe: KnownRecipe; readonly option: SelectOption<string> }[] {
  const entry = (recipe: KnownRecipe, label: string, state: string) => ({
    recipe,
    option: { value: recipe.key, label, hint: state },
  });
  const stateOf = (state: 'released' | 'locked' | 'trial' | 'withdrawn'): string => {
    const name = i18n.t(`recipes.state.${state}`);
    if (state === 'trial') return name;
    return i18n.t(`batches.known.${state === 'released' ? 'released' : 'trial'}`, { state: name });
  };
  const ofVersions = versions
    .filter(({ state }) => state !== 'withdrawn')
    .sort((a, b) => RANK[a.state] - RANK[b.state])
    .map(({ hash, name, version, title, state }) =>
      entry(
        { key: hash, choice: { hash }, hash },
        `${title[i18n.language]} · ${name} ${version}`,
        `${stateOf(state)} · ${hash.slice(0, SHOWN_DIGITS)}`,
      ),
    );
  const ofDrafts = drafts
    .filter(({ issues }) => issues === 0)
    .map(({ draftId, name, version, copy }) =>
      entry(
        { key: draftId, choice: { draftId }, hash: '' },
        `${name} ${version}${copy === 1 ? '' : ` (${copy})`}`,
        i18n.t('batches.known.trial', { state: i18n.t('recipes.state.draft') }),
      ),
    );
  const known = new Set(versions.map(({ hash }) => hash));
  const ofExamples = examples
    .filter(({ hash }) => !known.has(hash))
    .map(({ example, hash, name, version, title }) =>
      entry(
        { key: `example ${example}`, choice: { example }, hash },
        `${title[i18n.language]} · ${name} ${version}`,
        i18n.t('batches.known.trial', { state: i18n.t('batches.known.example') }),
      ),
    );
  return [...ofVersions, ...ofDrafts, ...ofExamples];
}
