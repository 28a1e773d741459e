/**
 * Executes a recipe on one unit, records every attempt of a step, and settles what a stop of the station interrupted.
 *
 * Vocabulary: a *recipe* has *phases* (setup, main, teardown), a phase has *steps*, and the *verb* of a step says what it
 * does. One execution of a recipe is a *run*; one execution of a step is an *attempt*. An attempt yields *measurements*,
 * each with its *limits*, and sets variables. Attempt and run end with an *outcome*: PASS; FAIL, the unit is bad; ERROR,
 * the station could not test; TIMEOUT; ABORTED, somebody stopped it.
 *
 * Example. A run of this recipe
 *
 *     phases:
 *       - { name: on,   kind: setup,    steps: [{ verb: power, to: on }] }
 *       - { name: test, kind: main,     steps: [{ verb: identify }, { verb: request, text: ADC?, …, retries: 2 }] }
 *       - { name: off,  kind: teardown, steps: [{ verb: power, to: off }] }
 *
 * goes through the files as follows. `run-unit.ts` writes the beginning of the run. `test-run.ts` begins the recording
 * (`record-run.ts`), opens the port and gives the steps their context. `execute.ts` takes the phases in their order: it
 * gives each attempt a signal that fires at a stop, at the limit of the phase or at the limit of the step, and calls
 * `performStep` of `verbs/`, which resolves (PASS) or throws a `Fault`. If `request` throws `limit-exceeded`, the attempt is
 * recorded as FAIL and repeated up to twice; if the last one fails, the rest of `test` is skipped, `off` runs in any case, and the
 * outcome is FAIL with the first failure. `run-unit.ts` writes the end of the run and the message for the registry in one
 * transaction (`finish-run.ts`).
 *
 * The record of an attempt is durable before the next one begins. So `recover.ts`, at the next start, knows what an
 * interrupted run had done: it ends the run, or resumes it where its recipe allows that (`resume.ts`).
 */
export { finishRun, runKey } from './finish-run.ts';
export { interruptedFailure } from './interrupted-failure.ts';
export { endInterrupted, type ResumeDecision, recover, type Recovery } from './recover.ts';
export type { ResumePoint } from './resume.ts';
export type { RunEvent, RunResult } from './run-events.ts';
export type { RunRequest, RunServices } from './run-request.ts';
export { runUnit } from './run-unit.ts';
export { toResumePoint } from './record-run.ts';
