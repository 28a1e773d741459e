import { computed, reactive, ref } from 'vue';
import { type CallContext, useCall } from './use-call.ts';

/** One page of a list that a station reads from a cursor on. */
export interface CursorPage<Row> {
  readonly rows: readonly Row[];
  /** The cursor of the next page; `null` at the end of the list. */
  readonly next: number | null;
}

/** A page of a list, and the way to the others. Reactive. */
export interface CursorPages<Row> {
  /** `null` until the first page was read. */
  readonly rows: readonly Row[] | null;
  /** How many rows are on the pages before. */
  readonly offset: number;
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  readonly pending: boolean;
  readonly fault: ReturnType<typeof useCall>['fault'];
  /** Reads the shown page again. When its rows are gone, the page before is shown. */
  reload(): Promise<void>;
  next(): Promise<void>;
  previous(): Promise<void>;
  first(): Promise<void>;
}

/** Where a page begins. */
interface Start {
  readonly after: number | null;
  readonly offset: number;
}
const TOP: Start = { after: null, offset: 0 };

/**
 * A list of any length, read page by page: a page begins after the cursor that the page before it ended with, so that the
 * last page is read as quickly as the first one.
 */
export function useCursorPages<Row>(
  load: (context: CallContext, after: number | null) => Promise<CursorPage<Row>>,
): CursorPages<Row> {
  /** The starts of the shown page and of those before it. */
  const starts = ref<readonly Start[]>([TOP]);
  const shown = computed(() => starts.value.at(-1) ?? TOP);
  const call = useCall(load, { repeatAfterLoss: true });

  /** A page was asked for that is not shown yet; it is read anew anyway. */
  let isTurning = false;

  async function show(to: readonly Start[]): Promise<void> {
    const page = await call.run((to.at(-1) ?? TOP).after);
    if (page === undefined) return;
    if (page.rows.length === 0 && to.length > 1) await show(to.slice(0, -1));
    else starts.value = to;
  }
  async function turn(to: readonly Start[]): Promise<void> {
    isTurning = true;
    try {
      await show(to);
    } finally {
      isTurning = false;
    }
  }
  return reactive({
    rows: computed(() => call.data?.rows ?? null),
    offset: computed(() => shown.value.offset),
    hasNext: computed(() => (call.data?.next ?? null) !== null),
    hasPrevious: computed(() => starts.value.length > 1),
    pending: computed(() => call.pending),
    fault: computed(() => call.fault),
    async reload() {
      if (!isTurning) await show(starts.value);
    },
    async next() {
      const { data } = call;
      if (isTurning || data === null || data.next === null) return;
      await turn([...starts.value, { after: data.next, offset: shown.value.offset + data.rows.length }]);
    },
    async previous() {
      if (!isTurning && starts.value.length > 1) await turn(starts.value.slice(0, -1));
    },
    first: () => turn([TOP]),
  }) as CursorPages<Row>;
}
