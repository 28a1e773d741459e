import {
  computed,
  type ComputedRef,
  type MaybeRefOrGetter,
  onScopeDispose,
  ref,
  shallowRef,
  toValue,
  watch,
} from 'vue';
import { asFault, type FaultView } from '#services/client/as-fault.ts';
import { searchRows, sortRows } from './arrange-rows.ts';
import type { LoadRows, TableColumn, TablePage, TableSort } from './table-types.ts';

export interface TableRowsSource<Row> {
  /** All rows, when the page has them; else `load` is asked. */
  readonly rows: MaybeRefOrGetter<readonly Row[] | undefined>;
  readonly load: MaybeRefOrGetter<LoadRows<Row> | undefined>;
  readonly columns: MaybeRefOrGetter<readonly TableColumn<Row>[]>;
  readonly sort: MaybeRefOrGetter<TableSort | null>;
  readonly search: MaybeRefOrGetter<string>;
  /** First row of the page, from 0. */
  readonly offset: MaybeRefOrGetter<number>;
  /** Rows of a page; 0 for all. */
  readonly limit: MaybeRefOrGetter<number>;
  readonly language: MaybeRefOrGetter<string>;
}

export interface ShownPage<Row> extends TablePage<Row> {
  /** The number of the first row, from 0. Until a server has answered it is that of the rows before. */
  readonly offset: number;
}

export interface TableRows<Row> {
  readonly page: ComputedRef<ShownPage<Row>>;
  /** The first rows have not come yet. */
  readonly isFirst: ComputedRef<boolean>;
  readonly busy: ComputedRef<boolean>;
  readonly fault: ComputedRef<FaultView | null>;
  reload(): Promise<void>;
}

/** A pause in typing after which a server is asked. */
const ASK_AFTER_MS = 200;

/** The rows of one page of a table: arranged here when the page has all of them, asked of a server otherwise. */
export function useTableRows<Row>(source: TableRowsSource<Row>): TableRows<Row> {
  const loaded = shallowRef<ShownPage<Row> | null>(null);
  const fault = shallowRef<FaultView | null>(null);
  const running = ref(0);
  let current = new AbortController();
  onScopeDispose(() => current.abort());

  const arranged = computed(() => {
    const columns = toValue(source.columns);
    const found = searchRows(toValue(source.rows) ?? [], columns, toValue(source.search));
    return sortRows(found, columns, toValue(source.sort), toValue(source.language));
  });
  const page = computed((): ShownPage<Row> => {
    if (toValue(source.load) !== undefined) return loaded.value ?? { rows: [], total: 0, offset: 0 };
    const [offset, limit, all] = [toValue(source.offset), toValue(source.limit), arranged.value];
    return { rows: limit === 0 ? all : all.slice(offset, offset + limit), total: all.length, offset };
  });

  async function reload(): Promise<void> {
    const load = toValue(source.load);
    if (load === undefined) return;
    current.abort();
    const { signal } = (current = new AbortController());
    running.value += 1;
    try {
      const query = {
        sort: toValue(source.sort),
        search: toValue(source.search).trim(),
        offset: toValue(source.offset),
        limit: toValue(source.limit),
      };
      const found = await load(query, signal);
      if (signal.aborted) return;
      loaded.value = { ...found, offset: query.offset };
      fault.value = null;
    } catch (error) {
      if (!signal.aborted) fault.value = asFault(error);
    } finally {
      running.value -= 1;
    }
  }
  watch(
    () => [toValue(source.load), toValue(source.sort), toValue(source.offset), toValue(source.limit)],
    () => void reload(),
    { immediate: true },
  );
  watch(
    () => toValue(source.search),
    (_now, _before, onCleanup) => {
      const timer = setTimeout(() => void reload(), ASK_AFTER_MS);
      onCleanup(() => clearTimeout(timer));
    },
  );

  return {
    page,
    isFirst: computed(() =>
      toValue(source.load) === undefined ? toValue(source.rows) === undefined : loaded.value === null,
    ),
    busy: computed(() => running.value > 0),
    fault: computed(() => fault.value),
    reload,
  };
}
