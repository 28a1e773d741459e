/** Processes of this computer: whether they run, marks that distinguish processes with the same pid, and signals. */
export { isProcessAlive } from './is-process-alive.ts';
export { processMark } from './process-mark.ts';
export { raiseSignal } from './raise-signal.ts';
