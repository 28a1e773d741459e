/** Yield of batches, read from figures that are kept as runs end. */
export { readYield } from './read-yield.ts';
export { createYields, NO_YIELD, type Yields } from './yields.ts';
export { yieldHandlers } from './handlers.ts';
