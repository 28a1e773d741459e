/** Other processes of this computer: whether they run, and marks that distinguish processes with the same pid. */
export { isProcessAlive } from './is-process-alive.ts';
export { processMark } from './process-mark.ts';
