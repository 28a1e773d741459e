import { type Component, computed, type ComputedRef } from 'vue';
import { useRoute } from '#stores/index.ts';
import { isOffice, OfficePage } from './shell/index.ts';
import { OperatorPage } from '../features/operator/index.ts';

/** The page that the address names. A place that does not exist is the operator's: nobody gets stuck. */
export function useView(): ComputedRef<Component> {
  const route = useRoute();
  return computed(() => (isOffice(route.place) ? OfficePage : OperatorPage));
}
