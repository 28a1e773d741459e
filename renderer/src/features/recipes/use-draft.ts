import type { RecipeDraftDetails } from '#shared/contract/index.ts';
import { useEventListener, watchDebounced } from '@vueuse/core';
import { computed, onMounted, ref, shallowRef } from 'vue';
import { useCall } from '#services/client/index.ts';
import { useTranslator } from '#services/i18n/index.ts';
import { useUnsavedInput } from '#services/navigation/index.ts';

const CHECK_AFTER_MS = 300;

/** A draft that is edited: its text, its check while the text changes, and how it is saved. */
export function useDraft(draftId: string) {
  const i18n = useTranslator();
  /** As the station has it. */
  const draft = shallowRef<RecipeDraftDetails | null>(null);
  const text = ref('');
  const isDirty = computed(() => draft.value !== null && text.value !== draft.value.source);

  const loading = useCall(({ call }) => call('recipes.draft', { draftId }), { repeatAfterLoss: true });
  const checking = useCall(({ call }, recipeYaml: string) => call('recipes.check', { draftId, recipeYaml }), {
    repeatAfterLoss: true,
  });
  const saving = useCall(
    ({ call }) =>
      call('recipes.saveDraft', {
        draftId,
        revision: draft.value?.revision ?? 0,
        recipeYaml: text.value,
      }),
    { overlap: 'ignore', onUnmount: 'finish', toast: () => ({ text: i18n.value.t('recipes.saved') }) },
  );

  async function load(): Promise<void> {
    const loaded = await loading.run();
    if (loaded === undefined) return;
    draft.value = loaded;
    text.value = loaded.source;
    await checking.run(loaded.source);
  }
  /** Files were changed: the text that is edited stays. */
  async function setFiles(changed: RecipeDraftDetails): Promise<void> {
    draft.value = changed;
    await checking.run(text.value);
  }
  async function save(): Promise<void> {
    if (!isDirty.value) return;
    const saved = await saving.run();
    if (saved !== undefined) draft.value = saved;
  }

  onMounted(load);
  watchDebounced(
    text,
    (changed) => {
      if (draft.value !== null) void checking.run(changed);
    },
    { debounce: CHECK_AFTER_MS },
  );
  useEventListener(window, 'keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
    event.preventDefault();
    void save();
  });
  /** The draft is gone, so that nothing can be lost. */
  const isGone = ref(false);
  useUnsavedInput(() => isDirty.value && !isGone.value);

  return { draft, text, isDirty, isGone, loading, checking, saving, load, setFiles, save };
}
