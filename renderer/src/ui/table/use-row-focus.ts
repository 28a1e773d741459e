import { type Ref, ref } from 'vue';

export interface RowFocus {
  /** Index of the row that Tab leads to. */
  readonly active: Ref<number>;
  onKeydown(event: KeyboardEvent): void;
}

const PAGE_ROWS = 10;
const MAX_FRAMES = 60;

/** Arrows, Home, End and Page keys move from row to row; Enter opens one. Keys inside of a cell's control are its own. */
export function useRowFocus(options: {
  readonly count: () => number;
  /** Makes the row exist and be in sight, as a virtual list must; then finds its element. */
  readonly reveal: (index: number) => HTMLElement | null;
  readonly open: (index: number) => void;
}): RowFocus {
  const active = ref(0);
  function targetOf(key: string): number | null {
    const last = options.count() - 1;
    const to = {
      ArrowDown: active.value + 1,
      ArrowUp: active.value - 1,
      PageDown: active.value + PAGE_ROWS,
      PageUp: active.value - PAGE_ROWS,
      Home: 0,
      End: last,
    }[key];
    return to === undefined ? null : Math.min(Math.max(0, to), last);
  }
  /** A virtual list draws a row some frames after it has scrolled there. Another key meanwhile goes before. */
  async function focusRow(index: number): Promise<void> {
    for (let frame = 0; frame < MAX_FRAMES && active.value === index; frame += 1) {
      const row = options.reveal(index);
      if (row !== null) return row.focus();
      await new Promise(requestAnimationFrame);
    }
  }
  return {
    active,
    onKeydown(event) {
      const row = event.target instanceof HTMLElement ? event.target : null;
      if (row === null || row.dataset['row'] === undefined) return;
      active.value = Number(row.dataset['row']);
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        options.open(active.value);
        return;
      }
      const target = targetOf(event.key);
      if (target === null) return;
      event.preventDefault();
      active.value = target;
      void focusRow(target);
    },
  };
}
