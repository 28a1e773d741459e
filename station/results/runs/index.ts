/** Runs and their measurements, as pages list and show them. */
export { runHandlers } from './handlers.ts';
