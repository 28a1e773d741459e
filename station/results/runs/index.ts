/** Recorded runs, as pages list and open them. */
export { requireRun, runHandlers } from './handlers.ts';
