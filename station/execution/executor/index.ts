/** Executes a recipe on one unit, records every step and measurement, and recovers what a crash interrupted. */
export { finishRun, runKey } from './finish-run.ts';
export { interruptedFailure } from './interrupted-failure.ts';
export { endInterrupted, type ResumeDecision, recover, type Recovery } from './recover.ts';
export type { ResumePoint } from './resume.ts';
export type { RunEvent, RunResult } from './run-events.ts';
export type { RunServices, RunRequest } from './run-request.ts';
export { runUnit } from './run-unit.ts';
export { toResumePoint } from './record-run.ts';
