import { computed, ref } from 'vue';
import { type Call, type CallContext, useCall } from '#services/client/index.ts';
import { type PlainMessageKey, useTranslator } from '#services/i18n/index.ts';
import { useUnsavedInput } from '#services/navigation/index.ts';

/** What a dialog with the form of one entry can do. */
export interface SettingDialog<F extends string, V> {
  /** What to type in a field that cannot be saved as it is; null until the user has tried to save, and for a good field. */
  readonly problemOf: (field: F) => string | null;
  readonly save: Call<[], V>;
  /** Saves when every field is good. */
  submit(): Promise<void>;
}

/**
 * A dialog with the form of one entry of a list of settings. It asks before typed input is lost.
 *
 * @param draft what the form shows; reactive and plain
 * @param problemsNow the fields that cannot be saved as they are
 * @param store saves the draft and gives what is stored then
 * @param onSaved gets what is stored
 */
export function useSettingDialog<F extends string, V>(
  draft: object,
  problemsNow: () => Partial<Record<F, PlainMessageKey>>,
  store: (context: CallContext) => Promise<V>,
  onSaved: (stored: V) => void,
): SettingDialog<F, V> {
  const i18n = useTranslator();
  const before = JSON.stringify(draft);
  useUnsavedInput(() => JSON.stringify(draft) !== before && !save.pending);
  const problems = computed(problemsNow);
  const isSubmitted = ref(false);
  const problemOf = (field: F): string | null => {
    const key: PlainMessageKey | undefined = isSubmitted.value ? problems.value[field] : undefined;
    return key === undefined ? null : i18n.value.t(key);
  };
  const save = useCall(store, {
    overlap: 'ignore',
    onUnmount: 'finish',
    toast: () => ({ text: i18n.value.t('station.saved') }),
  });
  async function submit(): Promise<void> {
    isSubmitted.value = true;
    if (Object.keys(problems.value).length > 0) return;
    const stored = await save.run();
    if (stored !== undefined) onSaved(stored);
  }
  return { problemOf, save, submit };
}
