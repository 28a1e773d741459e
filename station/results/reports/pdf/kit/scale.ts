/** Round numbers between two values for an axis: 1, 2 or 5 times a power of ten apart, at most `most` of them. */
export function ticksBetween(low: number, high: number, most: number): number[] {
  // Ticks nearer than this have the same text.
  const finest = Math.max(Math.abs(low), Math.abs(high)) * 1e-12;
  if (!(high - low > Math.max(finest, Number.MIN_VALUE * 2 ** 52))) return [low];
  const rough = (high - low) / Math.max(1, most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  // A sum of steps would gather the errors of floating point.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => tidy((first + index) * step));
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** Places a value of one range in another one, linearly. */
export function linear(
  [fromLow, fromHigh]: readonly [number, number],
  [toLow, toHigh]: readonly [number, number],
): (value: number) => number {
  const span = fromHigh - fromLow;
  return (value) =>
    span === 0 ? (toLow + toHigh) / 2 : toLow + ((value - fromLow) / span) * (toHigh - toLow);
}
