import { useVirtualizer } from '@tanstack/vue-virtual';
import { computed, type ComputedRef } from 'vue';

/** A page of more rows draws only those in sight. */
const VIRTUAL_FROM = 120;
const ROW_HEIGHT = 38;

/** The rows that are drawn, and the height in pixels of those before and after them. */
export interface DrawnRows<Row> {
  readonly items: readonly { readonly row: Row; readonly index: number }[];
  readonly before: number;
  readonly after: number;
}

export interface VirtualRows<Row> {
  readonly drawn: ComputedRef<DrawnRows<Row>>;
  /** Learns the height of a drawn row from its element. */
  measure(element: unknown): void;
  scrollTo(index: number): void;
}

export const isVirtualCount = (rows: number): boolean => rows > VIRTUAL_FROM;

/** Draws all rows, or of many rows those that are in sight of the scroller. */
export function useVirtualRows<Row>(options: {
  readonly rows: () => readonly Row[];
  readonly scroller: () => HTMLElement | null;
}): VirtualRows<Row> {
  const isVirtual = computed(() => isVirtualCount(options.rows().length));
  const virtualizer = useVirtualizer(
    computed(() => ({
      count: isVirtual.value ? options.rows().length : 0,
      getScrollElement: options.scroller,
      estimateSize: () => ROW_HEIGHT,
      overscan: 12,
    })),
  );
  const drawn = computed((): DrawnRows<Row> => {
    const rows = options.rows();
    if (!isVirtual.value) return { items: rows.map((row, index) => ({ row, index })), before: 0, after: 0 };
    const items = virtualizer.value.getVirtualItems();
    return {
      items: items.flatMap(({ index }) => {
        const row = rows[index];
        return row === undefined ? [] : [{ row, index }];
      }),
      before: items[0]?.start ?? 0,
      after: virtualizer.value.getTotalSize() - (items.at(-1)?.end ?? 0),
    };
  });
  return {
    drawn,
    measure(element) {
      if (isVirtual.value && element instanceof HTMLElement) virtualizer.value.measureElement(element);
    },
    scrollTo(index) {
      if (isVirtual.value) virtualizer.value.scrollToIndex(index);
    },
  };
}
