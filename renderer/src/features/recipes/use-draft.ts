import type { RecipeDraftDetails } from '#shared/contract/index.ts';
import { useEventListener, watchDebounced } from '@vueuse/core';
import { computed, onMounted, ref, shallowRef } from 'vue';
import { useCall } from '#services/client/index.ts';
import { useTranslator } from '#services/i18n/index.ts';
import { useUnsavedInput } from '#services/navigation/index.ts';

const CHECK_AFTER_MS = 300;
const SAVE_AFTER_MS = 3000;

/** A draft that is edited: its text, its check while the text changes, and how it is saved. */
export function useDraft(draftId: string) {
  const i18n = useTranslator();
  /** As the station has it. */
  const draft = shallowRef<RecipeDraftDetails | null>(null);
  const text = ref('');
  const isDirty = computed(() => draft.value !== null && text.value !== draft.value.source);
  /** The draft as another person has saved it meanwhile; nothing is saved until one of both texts is chosen. */
  const conflict = shallowRef<RecipeDraftDetails | null>(null);

  const loading = useCall(({ call }) => call('recipes.draft', { draftId }), { repeatAfterLoss: true });
  const checking = useCall(({ call }, recipeYaml: string) => call('recipes.check', { draftId, recipeYaml }), {
    repeatAfterLoss: true,
  });
  const saving = useCall(
    ({ call }, byPage: boolean) =>
      call('recipes.saveDraft', {
        draftId,
        revision: draft.value?.revision ?? 0,
        recipeYaml: text.value,
        byPage,
      }),
    {
      overlap: 'ignore',
      onUnmount: 'finish',
      toast: (_saved, byPage: boolean) => (byPage ? null : { text: i18n.value.t('recipes.saved') }),
    },
  );
  const choosing = useCall(
    async ({ call }, theirs: RecipeDraftDetails, keep: 'mine' | 'theirs') => {
      const other = keep === 'mine' ? theirs.source : text.value;
      const copy = await call('recipes.newDraft', { from: { draftId, recipeYaml: other } });
      const { revision } = theirs;
      const chosen =
        keep === 'theirs'
          ? theirs
          : await call('recipes.saveDraft', { draftId, revision, recipeYaml: text.value });
      return { chosen, copy };
    },
    {
      overlap: 'ignore',
      toast: (_done, _theirs: RecipeDraftDetails, _keep: 'mine' | 'theirs') => ({
        text: i18n.value.t('recipes.conflict.copied'),
      }),
    },
  );

  async function load(): Promise<void> {
    const loaded = await loading.run();
    if (loaded === undefined) return;
    draft.value = loaded;
    text.value = loaded.source;
    await checking.run(loaded.source);
  }
  /** Files were changed: the text that is edited stays, unless nothing of it was edited. */
  async function setFiles(changed: RecipeDraftDetails): Promise<void> {
    if (!isDirty.value) text.value = changed.source;
    draft.value = changed;
    await checking.run(text.value);
  }
  async function save(byPage = false): Promise<void> {
    if (!isDirty.value || conflict.value !== null) return;
    const saved = await saving.run(byPage);
    if (saved !== undefined) draft.value = saved;
    else if (saving.fault?.code === 'draft-changed') conflict.value = (await loading.run()) ?? null;
  }
  /** Ends a conflict. The text that is not chosen is kept as a draft of its own. */
  async function choose(keep: 'mine' | 'theirs'): Promise<void> {
    const theirs = conflict.value;
    if (theirs === null) return;
    const done = await choosing.run(theirs, keep);
    if (done === undefined) {
      // A third save came between: its text is the one to compare with.
      if (choosing.fault?.code === 'draft-changed') conflict.value = (await loading.run()) ?? theirs;
      return;
    }
    draft.value = done.chosen;
    text.value = done.chosen.source;
    conflict.value = null;
    await checking.run(text.value);
  }

  onMounted(load);
  watchDebounced(
    text,
    (changed) => {
      if (draft.value !== null) void checking.run(changed);
    },
    { debounce: CHECK_AFTER_MS },
  );
  /** The draft is gone, so that nothing can be lost. */
  const isGone = ref(false);
  watchDebounced(
    text,
    () => {
      if (!isGone.value) void save(true);
    },
    { debounce: SAVE_AFTER_MS },
  );
  useEventListener(window, 'keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
    event.preventDefault();
    void save();
  });
  useUnsavedInput(() => isDirty.value && !isGone.value);

  return {
    draft,
    text,
    isDirty,
    isGone,
    conflict,
    loading,
    checking,
    saving,
    choosing,
    load,
    setFiles,
    save,
    choose,
  };
}
