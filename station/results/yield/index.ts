/** Yield of batches: counted from their runs in the background, and updated by each run that ends. */
export { countBatch, countYield, type CountOptions } from './count-batch.ts';
export { createYields, NO_YIELD, type Yields } from './yields.ts';
export { yieldHandlers } from './handlers.ts';
