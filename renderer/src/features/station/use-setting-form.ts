import { computed, type ComputedRef, nextTick, onMounted, reactive, watch } from 'vue';
import { useRoute } from 'vue-router';
import { useUnsavedInput } from '#services/navigation/index.ts';

export interface SettingForm<T extends object> {
  /** What the form shows. */
  readonly draft: T;
  readonly isDirty: ComputedRef<boolean>;
  /** Shows what is stored. */
  reset(): void;
}

/**
 * A form of settings: it follows what is stored until something was typed, asks before typed input is lost, and puts
 * the focus on the setting that the search has led to (`?at=`).
 *
 * @param stored the stored values as the form shows them; plain data
 * @param isSaving whether the form is being saved: it may then be left without a question, because its call goes on
 *   (`onUnmount: 'finish'`)
 */
export function useSettingForm<T extends object>(stored: () => T, isSaving: () => boolean): SettingForm<T> {
  const draft = reactive({ ...stored() }) as T;
  let shown = JSON.stringify(stored());
  const isDirty = computed(() => JSON.stringify(draft) !== JSON.stringify(stored()));
  const reset = (): void => {
    Object.assign(draft, stored());
    shown = JSON.stringify(stored());
  };
  watch(
    () => JSON.stringify(stored()),
    () => {
      if (JSON.stringify(draft) === shown) reset();
    },
  );
  useUnsavedInput(() => isDirty.value && !isSaving());
  useSoughtSetting();
  return { draft, isDirty, reset };
}

/** Puts the focus on the setting that the address names, `?at=name`: the first control in `#setting-name`. */
export function useSoughtSetting(): void {
  const route = useRoute();
  const seek = async (): Promise<void> => {
    const { at } = route.query;
    if (typeof at !== 'string') return;
    await nextTick();
    const part = document.getElementById(`setting-${at}`);
    part?.scrollIntoView({ block: 'center' });
    part?.querySelector<HTMLElement>('input, button, textarea, [tabindex="0"]')?.focus();
  };
  onMounted(seek);
  watch(() => route.query['at'], seek);
}
