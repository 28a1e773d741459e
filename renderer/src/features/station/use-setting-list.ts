import { onMounted, type Ref, ref, type ShallowRef, shallowRef, watch } from 'vue';
import { type Call, type CallContext, useCall } from '#services/client/index.ts';
import { useSoughtSetting } from './use-setting-form.ts';

/** What a section with a list of named settings can do: read it, open the form of an entry, remove an entry. */
export interface SettingList<V, K> {
  /** What is stored; null until it was read. */
  readonly view: Readonly<ShallowRef<V | null>>;
  readonly load: Call<[], V>;
  /** The entry whose form is open, with the key null for a new one; null when no form is open. */
  readonly edited: Ref<{ readonly key: K | null } | null>;
  /** The entry that the user is asked about before it is removed. */
  readonly removed: Ref<K | null>;
  readonly remove: Call<[K], V>;
  /** Removes the entry that the user was asked about. The question stays open when that fails. */
  removeNow(): Promise<void>;
  /** Shows what is stored after a form was saved, and closes the form. */
  saved(next: V): void;
}

/**
 * A list of named settings on a section: it is read when the section is opened.
 *
 * @param read reads what is stored
 * @param removeOne removes an entry and gives what is stored then
 */
export function useSettingList<V extends object, K extends string | number>(
  read: (context: CallContext) => Promise<V>,
  removeOne: (context: CallContext, key: K, stored: V | null) => Promise<V>,
): SettingList<V, K> {
  const view = shallowRef(null) as ShallowRef<V | null>;
  const edited = ref(null) as Ref<{ readonly key: K | null } | null>;
  const removed = ref(null) as Ref<K | null>;
  const load = useCall(read, { repeatAfterLoss: true });
  const remove = useCall((context, key: K) => removeOne(context, key, view.value), {
    overlap: 'ignore',
    onUnmount: 'finish',
  });
  watch(
    () => load.data,
    (data) => {
      if (data !== null) view.value = data;
    },
  );
  watch(removed, () => remove.reset());
  onMounted(load.run);
  useSoughtSetting();

  async function removeNow(): Promise<void> {
    if (removed.value === null) return;
    const next = await remove.run(removed.value);
    if (next === undefined) return;
    view.value = next;
    removed.value = null;
  }
  function saved(next: V): void {
    view.value = next;
    edited.value = null;
  }
  return { view, load, edited, removed, remove, removeNow, saved };
}
