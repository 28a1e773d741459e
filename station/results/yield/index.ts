/** How good a batch is: counted from its runs in small turns beside the line, and kept up to date while the line works. */
export { countBatch, countYield, type CountOptions } from './count-batch.ts';
export { createYields, NO_YIELD, type Yields } from './yields.ts';
export { yieldHandlers } from './handlers.ts';
