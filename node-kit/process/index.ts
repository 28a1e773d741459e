/** Processes of this computer: whether they run, marks that distinguish processes with the same pid, signals, tools of the operating system, and other programs. */
export { isProcessAlive } from './is-process-alive.ts';
export { processMark } from './process-mark.ts';
export { raiseSignal } from './raise-signal.ts';
export { endProgram, type ProgramOptions, runProgram } from './run-program.ts';
export { runTool, type ToolRun } from './run-tool.ts';
