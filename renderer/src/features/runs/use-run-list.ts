import type { RunFilter, RunPage } from '#shared/contract/index.ts';
import { computed, onMounted, reactive, watch } from 'vue';
import { type FaultView, useCall } from '#services/client/index.ts';

/**
 * Which page of a list of runs: its cursor and direction. `cursor` is `null` for the newest runs, or for the last ones before
 * `atMs`.
 */
export interface RunPlace {
  readonly direction: 'older' | 'newer';
  readonly cursor: string | null;
  readonly atMs?: number;
}
export const NEWEST: RunPlace = { direction: 'older', cursor: null };
/** Before the first run, so that the page after it has the oldest ones. */
export const OLDEST: RunPlace = { direction: 'newer', cursor: '0' };

export const RUNS_OF_A_PAGE = 100;
/** Filters by unit wait for the figures of earlier runs, which are computed after an update of the program. */
const WAIT = { timeoutMs: 30 * 60_000 };

export interface RunList {
  /** `null` until the first page is there. */
  readonly page: RunPage | null;
  /** All matching runs as far as they are counted; `more` when there are more. */
  readonly count: { readonly runs: number; readonly more: boolean } | null;
  readonly busy: boolean;
  readonly fault: FaultView | null;
  readonly reload: () => Promise<void>;
}

/** A page of the runs of a filter with their number; read when it is mounted and when filter or place change. */
export function useRunList(filter: () => RunFilter, place: () => RunPlace): RunList {
  const search = useCall(
    async ({ call }): Promise<RunPage> => {
      const limit = RUNS_OF_A_PAGE;
      const at = place();
      const found = await call('runs.search', { filter: filter(), ...at, limit }, WAIT);
      // The way up ends with a page that is not full: the first page has the same runs and more.
      const isShort = at.direction === 'newer' && found.newer === null && found.runs.length < limit;
      return isShort ? call('runs.search', { filter: filter(), ...NEWEST, limit }, WAIT) : found;
    },
    { repeatAfterLoss: true },
  );
  const count = useCall(({ call }) => call('runs.count', { filter: filter() }, WAIT), {
    repeatAfterLoss: true,
  });
  const reload = async (): Promise<void> => void (await Promise.all([search.run(), count.run()]));
  onMounted(reload);
  watch(() => JSON.stringify(filter()), reload);
  watch(
    () => JSON.stringify(place()),
    () => search.run(),
  );
  return reactive({
    page: computed(() => search.data),
    count: computed(() => count.data),
    busy: computed(() => search.pending),
    fault: computed(() => search.fault ?? count.fault),
    reload,
  });
}
