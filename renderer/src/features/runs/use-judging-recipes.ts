import type { StationContract } from '#shared/contract/index.ts';
import type { CallParsed } from '#shared/rpc/index.ts';
import { computed, type ComputedRef, onMounted, reactive } from 'vue';
import { type CallContext, type FaultView, useCall } from '#services/client/index.ts';
import { useTranslator } from '#services/i18n/index.ts';
import { useSession } from '#stores/index.ts';
import type { SelectOption } from '#ui/index.ts';
import { recipeOptions } from './filter-options.ts';

type JudgingRecipe = CallParsed<StationContract, 'runs.judgeWith'>['recipe'];

export interface JudgingRecipes {
  readonly options: readonly SelectOption<string>[];
  readonly fault: FaultView | null;
  readonly reload: () => Promise<void>;
}

const DRAFT = 'draft ';

/**
 * The recipes that a run can be judged with, as options: for engineers the drafts and all versions of this station, for
 * others the versions that runs of this station have.
 */
export function useJudgingRecipes(): JudgingRecipes {
  const session = useSession();
  const i18n = useTranslator();
  const used = useCall(({ call }) => call('runs.choices', {}), { repeatAfterLoss: true });
  const own = useCall(({ call }) => call('recipes.list', {}), { repeatAfterLoss: true });
  const isEngineer = computed(() => session.may('recipes.list'));
  const reload = async (): Promise<void> => void (await (isEngineer.value ? own : used).run());
  onMounted(reload);
  const options: ComputedRef<readonly SelectOption<string>[]> = computed(() => {
    if (!isEngineer.value) return used.data === null ? [] : recipeOptions(used.data);
    const { drafts = [], versions = [] } = own.data ?? {};
    return [
      ...drafts.map(({ draftId, name, version }) => ({
        value: DRAFT + draftId,
        label: `${name} ${version}`,
        hint: i18n.value.t('runs.replay.draft'),
      })),
      ...recipeOptions({ recipes: versions }),
    ];
  });
  return reactive({ options, fault: computed(() => own.fault ?? used.fault), reload });
}

/** The recipe of an option: its hash, or the text of a draft as it is now. */
export async function readJudgingRecipe(option: string, { call }: CallContext): Promise<JudgingRecipe> {
  if (!option.startsWith(DRAFT)) return { hash: option };
  const { source } = await call('recipes.draft', { draftId: option.slice(DRAFT.length) });
  return { yaml: source };
}
