import { LONG } from './depth.ts';

/**
 * Which part of many combinations a test looks at: 0, or `GONGWEI_TEST_TURN`. Neighbours in a list get different parts, so
 * that each combination is looked at on half of the pages. `npm test -- --long` looks at all combinations on each page.
 */
export const TURN = Number(process.env['GONGWEI_TEST_TURN'] ?? 0);

/** One of some values: each in its turn. */
export function inTurn<T>(values: readonly [T, ...T[]], turn: number): T {
  return values[turn % values.length] ?? values[0];
}

/** `count` of some values, evenly spread, beginning at `TURN`. All of them in `npm test -- --long`. */
export function partOf<T>(values: readonly T[], count: number): readonly T[] {
  if (LONG) return values;
  const places = Array.from({ length: count }, (_, n) => Math.floor((n * values.length) / count) + TURN);
  const chosen = new Set(places.map((place) => place % values.length));
  return values.filter((_, place) => chosen.has(place));
}
