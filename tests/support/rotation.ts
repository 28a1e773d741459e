/**
 * Which part of many combinations a test looks at: 0, or `GONGWEI_TEST_TURN`. Neighbours in a list get different parts, so
 * that each combination is looked at on half of the pages. `npm test -- --long` looks at all combinations on each page.
 */
export const TURN = Number(process.env['GONGWEI_TEST_TURN'] ?? 0);

/** One of some values: each in its turn. */
export function inTurn<T>(values: readonly [T, ...T[]], turn: number): T {
  return values[turn % values.length] ?? values[0];
}
