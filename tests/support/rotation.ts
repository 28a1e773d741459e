const DAY_MS = 86_400_000;

/**
 * Number of the day, or `GONGWEI_TEST_TURN`. A test that looks at a part of many combinations looks at another part on
 * the next day, and at the same one in each run of a day. `npm test -- --long` looks at all of them.
 */
export const TURN = Number(process.env['GONGWEI_TEST_TURN'] ?? Math.floor(Date.now() / DAY_MS));

/** One of some values: each in its turn. */
export function inTurn<T>(values: readonly [T, ...T[]], turn: number): T {
  return values[turn % values.length] ?? values[0];
}
