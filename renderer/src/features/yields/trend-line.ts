/** The ends of the straight line with this slope through the middle of values one unit apart. */
export function trendLine(values: readonly number[], slope: number): { begin: number; end: number } | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const half = ((values.length - 1) / 2) * slope;
  return { begin: mean - half, end: mean + half };
}
