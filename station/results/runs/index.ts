/** Lists and reads recorded runs. */
export { requireRun, runHandlers } from './handlers.ts';
