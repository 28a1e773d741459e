import { parseSums } from './store-facts.ts';

/**
 * Whether the kept sums of a cell are those that were made once more, possibly from parts of other sizes. Only means and sums of
 * squares depend on the parts, by rounding; all else is exact. The tolerance is a fraction of the spread of the values, not of
 * the values: a capability is computed from the spread, which can be a millionth of them.
 */
export function hasSameSums(kept: string, made: string): boolean {
  try {
    return isSame(parseSums(kept), parseSums(made));
  } catch {
    // Not what the station wrote.
    return false;
  }
}

function isSame(kept: unknown, made: unknown): boolean {
  if (Array.isArray(kept) && Array.isArray(made)) {
    if (kept.length !== made.length) return false;
    if (isMoments(made)) return areSameMoments(kept, made);
    const [left, right] = [inOrder(kept), inOrder(made)];
    return left.every((part, index) => isSame(part, right[index]));
  }
  if (isObject(kept) && isObject(made)) {
    const [left, right] = [Object.entries(kept), new Map(Object.entries(made))];
    return left.length === right.size && left.every(([key, part]) => isSame(part, right.get(key)));
  }
  return kept === made;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Bars of a histogram stand in the order in which they were counted. */
function inOrder(list: readonly unknown[]): readonly unknown[] {
  return list.every((part) => Array.isArray(part))
    ? [...(list as [number, number][])].sort(([a], [b]) => a - b)
    : list;
}

/** n, mean, sum of squares, minimum and maximum; a sum that is too large for a number is `null` in JSON. */
type StoredMoments = readonly [n: number, mean: unknown, squares: unknown, min: number, max: number];

function isMoments(list: readonly unknown[]): boolean {
  return list.length === 5 && !Array.isArray(list[0]);
}

/** The part of the spread by which rounding may change a mean, and the sum of squares of that sum. */
const RELATIVE = 1e-6;

function areSameMoments(kept: readonly unknown[], made: readonly unknown[]): boolean {
  const [n, mean, squares, min, max] = made as StoredMoments;
  if (kept[0] !== n || kept[3] !== min || kept[4] !== max) return false;
  const sum = typeof squares === 'number' ? squares : 0;
  const spread = Math.sqrt(sum / n);
  // The most that n additions of such values change a mean, and with it the spread around it.
  const error = n * Number.EPSILON * Math.max(Math.abs(min), Math.abs(max));
  return (
    isWithin(kept[1], mean, RELATIVE * spread + error) &&
    isWithin(kept[2], squares, RELATIVE * sum + n * error * (2 * spread + error))
  );
}

function isWithin(kept: unknown, made: unknown, tolerance: number): boolean {
  if (typeof kept !== 'number' || typeof made !== 'number') return kept === made;
  return kept === made || Math.abs(kept - made) <= tolerance;
}
