/** Yield of batches, read from figures that are kept as runs end. */
export { countWithForeign } from './count-with-foreign.ts';
export { readYield } from './read-yield.ts';
export { createYields, NO_YIELD, type Yields } from './yields.ts';
export { yieldHandlers } from './handlers.ts';
