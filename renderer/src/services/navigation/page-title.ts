import { inject, type InjectionKey, onScopeDispose, type ShallowRef, watchEffect } from 'vue';

/** The name of the open page in the language of the page; `null` while no page has set it. The application provides it. */
export const PAGE_TITLE: InjectionKey<ShallowRef<string | null>> = Symbol('page title');

/** Names the open page for as long as the component is mounted. */
export function usePageTitle(title: () => string): void {
  const shown = inject(PAGE_TITLE, null);
  if (shown === null) return;
  let own = '';
  watchEffect(() => {
    own = title();
    shown.value = own;
  });
  // Another page may have set its own title already.
  onScopeDispose(() => {
    if (shown.value === own) shown.value = null;
  });
}
