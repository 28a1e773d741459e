import { type Component, computed, type ComputedRef, onScopeDispose, ref } from 'vue';
import { OperatorPage } from './operator/index.ts';

/** The pages by the address behind `#/`. A place that does not exist is the operator's: nobody gets stuck. */
const VIEWS: ReadonlyMap<string, Component> = new Map([['operator', OperatorPage]]);

/** The page that the address names, following it. */
export function useView(): ComputedRef<Component> {
  const name = ref(nameIn(location.hash));
  const over = new AbortController();
  window.addEventListener('hashchange', () => (name.value = nameIn(location.hash)), { signal: over.signal });
  onScopeDispose(() => over.abort());
  return computed(() => VIEWS.get(name.value) ?? OperatorPage);
}

function nameIn(hash: string): string {
  return /^#\/([a-z]+)/.exec(hash)?.[1] ?? '';
}
