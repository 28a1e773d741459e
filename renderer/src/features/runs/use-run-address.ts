import {
  formatRunQuery,
  type ParsedRunQuery,
  parseRunQuery,
  type RunFilter,
} from '#shared/contract/index.ts';
import { computed, type ComputedRef, onScopeDispose, shallowRef, watch } from 'vue';
import {
  isNavigationFailure,
  type LocationQuery,
  NavigationFailureType,
  onBeforeRouteLeave,
  useRoute,
  useRouter,
} from 'vue-router';
import { NEWEST, type RunPlace } from './use-run-list.ts';

export interface RunAddress {
  readonly parsed: ComputedRef<ParsedRunQuery>;
  readonly place: ComputedRef<RunPlace>;
  /** Shows the newest runs of another filter. With `replace` the step back of the browser skips the filter before. */
  readonly apply: (filter: RunFilter, options?: { readonly replace?: boolean }) => void;
  readonly goTo: (place: RunPlace) => void;
}

function placeOf({ older, newer, at }: LocationQuery): RunPlace {
  const atMs = typeof at === 'string' && at !== '' ? Number(at) : NaN;
  if (Number.isSafeInteger(atMs) && atMs >= 0) return { ...NEWEST, atMs };
  if (typeof older === 'string') return { direction: 'older', cursor: older };
  return typeof newer === 'string' ? { direction: 'newer', cursor: newer } : NEWEST;
}

/** The filter and the page of the list of runs in the address. */
export function useRunAddress(): RunAddress {
  const route = useRoute();
  const router = useRouter();
  // While another page is being opened, the query is already that of the other page.
  const query = shallowRef(route.query);
  watch(
    () => route.query,
    (next) => {
      if (route.name === 'runs') query.value = next;
    },
  );
  const parsed = computed(() => parseRunQuery(query.value));
  // What was typed is applied a little later. It must not cancel the opening of another page, which takes time.
  let isLeaving = false;
  onBeforeRouteLeave(() => {
    isLeaving = true;
  });
  onScopeDispose(
    router.afterEach((_to, _from, failure) => {
      if (!isNavigationFailure(failure, NavigationFailureType.cancelled)) isLeaving = false;
    }),
  );
  return {
    parsed,
    place: computed(() => placeOf(query.value)),
    apply(filter, { replace = false } = {}) {
      if (replace && isLeaving) return;
      void router[replace ? 'replace' : 'push']({ name: 'runs', query: formatRunQuery(filter) });
    },
    goTo({ direction, cursor, atMs }) {
      const at = atMs === undefined ? {} : { at: String(atMs) };
      const place = cursor === null ? at : { [direction]: cursor };
      void router.push({ name: 'runs', query: { ...formatRunQuery(parsed.value.filter), ...place } });
    },
  };
}
