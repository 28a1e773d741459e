/** True for `npm test -- --long`. */
export const LONG = process.env['GONGWEI_TEST_DEPTH'] === 'long';

/**
 * How many cases a random, killing or repeating test takes. `npm test` runs after each change and takes the short
 * figure; `npm test -- --long` takes the long one.
 */
export const depth = (figures: { readonly short: number; readonly long: number }): number =>
  LONG ? figures.long : figures.short;
