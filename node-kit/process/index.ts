/** Other processes of this computer: whether they run, and which one a number means. */
export { isProcessAlive } from './is-process-alive.ts';
export { processMark } from './process-mark.ts';
