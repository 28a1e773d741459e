/** Counts in bars of equal width, side by side; bar `i` holds values from `start + i * width` up to the next bar. */
export interface Histogram {
  readonly start: number;
  readonly width: number;
  readonly counts: readonly number[];
}

export interface HistogramCount {
  add(value: number): void;
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

  return {
    add(value) {
      if (width === 0) {
        if (same === null || same.value === value) {
          same = { value, count: (same?.count ?? 0) + 1 };
          return;
        }
        width = firstWidth(same.value, value);
        put(same.value, same.count);
      }
      put(value, 1);
      while (maxBar - minBar >= MAX_BARS) widen();
    },
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
