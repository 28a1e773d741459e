/** Counts in bars of equal width, side by side; bar `i` holds values from `start + i * width` up to the next bar. */
export interface Histogram {
  readonly start: number;
  readonly width: number;
  readonly counts: readonly number[];
}

/** The content of a count, to go on with it later: equal values only, or the width of the bars and their counts. */
export type HistogramState =
  | { readonly value: number; readonly count: number }
  | { readonly width: number; readonly bars: readonly (readonly [bar: number, count: number])[] };

export interface HistogramCount {
  add(value: number): void;
  /** Adds the values of another count; the result is that of one count of all values. */
  merge(state: HistogramState): void;
  state(): HistogramState;
  result(): Histogram;
}

const MAX_BARS = 40;

/**
 * A histogram without a given range: the bars are a power of two wide, begin at its multiples, and double their width when
 * there would be more than forty. The result depends on the values only, not on their order.
 */
export function createHistogram(): HistogramCount {
  const bars = new Map<number, number>();
  // While all values are equal.
  let same: { readonly value: number; count: number } | null = null;
  let width = 0;
  let [minBar, maxBar] = [0, 0];

  function put(value: number, count: number): void {
    const bar = Math.floor(value / width);
    bars.set(bar, (bars.get(bar) ?? 0) + count);
    [minBar, maxBar] = bars.size === 1 ? [bar, bar] : [Math.min(minBar, bar), Math.max(maxBar, bar)];
  }

  function widen(): void {
    const old = [...bars];
    width *= 2;
    bars.clear();
    for (const [bar, count] of old) put(bar * (width / 2), count);
  }

  function add(value: number, count: number): void {
    if (count === 0) return;
    if (width === 0) {
      if (same === null || same.value === value) {
        same = { value, count: (same?.count ?? 0) + count };
        return;
      }
      width = firstWidth(same.value, value);
      put(same.value, same.count);
    }
    put(value, count);
    while (maxBar - minBar >= MAX_BARS) widen();
  }

  function merge(other: HistogramState): void {
    if ('value' in other) return add(other.value, other.count);
    if (width === 0) {
      width = other.width;
      if (same !== null) put(same.value, same.count);
    }
    while (width < other.width) widen();
    for (const [bar, count] of other.bars) put(bar * other.width, count);
    while (maxBar - minBar >= MAX_BARS) widen();
  }

  return {
    add: (value) => add(value, 1),
    merge,
    state: () => (width === 0 ? (same ?? { value: 0, count: 0 }) : { width, bars: [...bars] }),
    result() {
      if (width === 0) {
        const { value, count } = same ?? { value: 0, count: 0 };
        const only = value === 0 ? 1 : 2 ** Math.floor(Math.log2(Math.abs(value)) - 4);
        return { start: value - only / 2, width: only, counts: count === 0 ? [] : [count] };
      }
      const counts = Array.from({ length: maxBar - minBar + 1 }, (_, index) => bars.get(minBar + index) ?? 0);
      return { start: minBar * width, width, counts };
    },
  };
}

/** Not wider than a larger range needs, and not narrower than the precision of the values allows. */
function firstWidth(a: number, b: number): number {
  const fine = 2 ** Math.floor(Math.log2(Math.abs(a - b) / MAX_BARS));
  const finest = Math.max(Math.abs(a), Math.abs(b)) * 2 ** -50;
  return Math.max(fine, 2 ** Math.ceil(Math.log2(finest)), Number.MIN_VALUE);
}
