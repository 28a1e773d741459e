import { Deadline, raceAbort, withDeadline } from '#node-kit/async/index.ts';
import { abortFault, Fault } from '#shared/domain/fault.ts';
import { type Outcome, outcomeOfFault, type RunFailure, worstOutcome } from '#shared/domain/outcome.ts';
import {
  type Phase,
  type Recipe,
  type Step,
  stepName,
  stepTimeoutMs,
  TEARDOWN_TIMEOUT_MS,
  verbOf,
} from '#shared/recipe/index.ts';
import type { Clock, Log } from '../../core/platform/index.ts';

/** Time that a step has after its signal to release what it holds; verbs may have more (`settleMs`). */
const SETTLE_MS = 5000;

/** The services that `execute` needs; they separate the order of phases from devices and records. */
export interface ExecutorHooks {
  enterPhase(phase: Phase, index: number): void;
  enterStep(phase: Phase, step: Step, doneSteps: number, allSteps: number): void;
  /** False for a step to skip: its condition does not hold, or it had passed before a crash. */
  shouldRun(phase: Phase, step: Step): boolean;
  /**
   * Gets what the step shares with other slots, before its limit of time begins; `null` when that is nothing. Its fault ends
   * the attempt.
   */
  prepare(phase: Phase, step: Step, signal: AbortSignal): Promise<void> | null;
  /** Gives back what the step alone had, after each attempt. Its fault ends an attempt that had passed. */
  endStep(step: Step, hasFailed: boolean): Promise<void> | null;
  /** Executes one attempt of a step. */
  perform(step: Step, signal: AbortSignal): Promise<void>;
  /** Records an attempt that has ended; durable when it returns. */
  recordAttempt(attempt: Attempt): void;
  readonly log: Log;
  /** Clock of the run, which a recording holds: it times deadlines and pauses. */
  readonly clock: Clock;
  /** Clock of the computer. It times steps that do not settle, which a recording cannot hold. */
  readonly computerClock: Pick<Clock, 'sleep'>;
  /** Unix milliseconds of a reading of `clock.monotonicMs()`, as the run counts time. */
  unixMs(monotonicMs: number): number;
}

export interface Attempt {
  readonly phase: string;
  readonly step: string;
  /** From 1. */
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly failure: RunFailure | null;
}

/** Outcome of a step or a run, with the first failure. */
export interface ExecutionResult {
  readonly outcome: Outcome;
  readonly failure: RunFailure | null;
}

/**
 * Executes the phases of a recipe: setup and main in order until one does not pass, then every teardown phase. A stop
 * (`signal`) ends the current step and goes to teardown, which no stop interrupts. The outcome of the run is the worst of
 * its steps. See `index.ts` for an example.
 *
 * After FAIL or TIMEOUT, a step with `onFail: continue` lets the rest of its phase and the later phases run; any other
 * step ends its phase, and the later phases run if the phase has `onFail: continue`. ERROR and ABORTED always go to
 * teardown.
 */
export async function execute(
  recipe: Recipe,
  hooks: ExecutorHooks,
  signal: AbortSignal,
): Promise<ExecutionResult> {
  const ordered = [...byKind(recipe, 'setup'), ...byKind(recipe, 'main'), ...byKind(recipe, 'teardown')];
  const allSteps = ordered.reduce((sum, phase) => sum + phase.steps.length, 0);
  const outcomes: Outcome[] = [];
  let firstFailure: RunFailure | null = null;
  let doneSteps = 0;
  let toTeardown = false;
  let stoppedBefore: Phase | null = null;
  let teardown: Deadline | null = null;

  try {
    for (const [index, phase] of ordered.entries()) {
      const isTeardown = phase.kind === 'teardown';
      if (!isTeardown && (toTeardown || signal.aborted)) {
        doneSteps += phase.steps.length;
        if (signal.aborted && !toTeardown) stoppedBefore ??= phase;
        continue;
      }
      if (isTeardown) teardown ??= startDeadline('teardown', TEARDOWN_TIMEOUT_MS);
      hooks.enterPhase(phase, index);
      const endedBy = await executePhase(phase, teardown?.signal ?? signal);
      toTeardown ||= endedBy !== null && !(isUnitFailure(endedBy) && phase.onFail === 'continue');
    }
  } finally {
    teardown?.[Symbol.dispose]();
  }
  if (stoppedBefore !== null && firstFailure === null) {
    const fault = abortFault(signal);
    firstFailure = toFailure(fault, stoppedBefore.name, '');
    outcomes.push(outcomeOfFault(fault.code));
  }
  return { outcome: worstOutcome(outcomes), failure: firstFailure };

  /** Resolves with the outcome of the step that ended the phase early; `null` when every step had its turn. */
  async function executePhase(phase: Phase, outer: AbortSignal): Promise<Outcome | null> {
    const limit =
      phase.timeoutMs === undefined ? null : startDeadline(`phase ${phase.name}`, phase.timeoutMs, outer);
    const inPhase = limit?.signal ?? outer;
    const before = doneSteps;
    try {
      for (const [index, step] of phase.steps.entries()) {
        hooks.enterStep(phase, step, before + index, allSteps);
        if (!hooks.shouldRun(phase, step)) continue;
        const { outcome, failure } = await executeStep(phase, step, inPhase);
        if (outcome === 'PASS') continue;
        outcomes.push(outcome);
        firstFailure ??= failure;
        // A failed step of teardown does not keep the next ones from running.
        if (phase.kind === 'teardown') continue;
        // A phase that has used up its time has none left for its other steps.
        const goesOn = isUnitFailure(outcome) && step.onFail === 'continue' && !inPhase.aborted;
        if (!goesOn) return outcome;
      }
      return null;
    } finally {
      doneSteps = before + phase.steps.length;
      limit?.[Symbol.dispose]();
    }
  }

  async function executeStep(phase: Phase, step: Step, outer: AbortSignal): Promise<ExecutionResult> {
    const attempts = 1 + (step.retries ?? 0);
    for (let attempt = 1; ; attempt++) {
      let limit: Deadline | null = null;
      let startedMs: number | null = null;
      let failure = null as RunFailure | null;
      const failed = (error: unknown): void => {
        failure ??= toFailure(asFault(error, hooks.log), phase.name, stepName(step));
      };
      try {
        const prepared = hooks.prepare(phase, step, outer);
        if (prepared !== null) await prepared;
        limit = startDeadline(`step ${stepName(step)}`, stepTimeoutMs(step, recipe.device), outer);
        startedMs = hooks.clock.monotonicMs();
        await raceSignal(step, hooks.perform(step, limit.signal), limit.signal);
      } catch (error) {
        failed(error);
      } finally {
        limit?.[Symbol.dispose]();
      }
      const ended = hooks.endStep(step, failure !== null);
      if (ended !== null) await ended.catch(failed);
      startedMs ??= hooks.clock.monotonicMs();
      const outcome: Outcome = failure === null ? 'PASS' : outcomeOfFault(failure.code);
      const durationMs = Math.round((hooks.clock.monotonicMs() - startedMs) * 10) / 10;
      hooks.recordAttempt({
        phase: phase.name,
        step: stepName(step),
        attempt,
        outcome,
        startedAtMs: hooks.unixMs(startedMs),
        durationMs,
        failure,
      });
      // A failure of the station or a stop would be the same at the next attempt.
      const again = isUnitFailure(outcome) && attempt < attempts && !outer.aborted;
      if (!again) return { outcome, failure };
      // A stop during the pause ends the next attempt before it begins, and is recorded with it.
      if (step.retryDelayMs !== undefined)
        await hooks.clock.sleep(step.retryDelayMs, outer).catch(() => undefined);
    }
  }

  /** Uses the clock of the run, so that a replay has the same deadlines as its recording. */
  function startDeadline(what: string, timeoutMs: number, outer?: AbortSignal): Deadline {
    const reason = (): Fault =>
      new Fault('timeout', `${what} did not end in ${timeoutMs} ms`, { details: { timeoutMs } });
    return new Deadline(timeoutMs, reason, { timer: hooks.clock, signal: outer });
  }

  /**
   * The one place where a step is raced against its signal. A step ends itself on its signal and gets time to release what
   * it holds; one that does not is abandoned, and the run goes on with the signal's reason.
   */
  async function raceSignal(step: Step, work: Promise<void>, inStep: AbortSignal): Promise<void> {
    const ended = (): Promise<void> =>
      withDeadline(
        work.catch(() => undefined),
        {
          timeoutMs: verbOf(step).settleMs ?? SETTLE_MS,
          timer: hooks.computerClock,
          onTimeout: () => hooks.log.warn('step.abandoned', { step: stepName(step) }),
        },
      );
    await raceAbort(work, inStep, ended);
  }
}

/** True for an outcome that the unit caused, by an answer or by silence. */
function isUnitFailure(outcome: Outcome): boolean {
  return outcome === 'FAIL' || outcome === 'TIMEOUT';
}

function byKind(recipe: Recipe, kind: Phase['kind']): Phase[] {
  return recipe.phases.filter((phase) => phase.kind === kind);
}

/** A defect becomes `internal`, and its details go to the log alone. */
export function asFault(error: unknown, log: Log): Fault {
  if (error instanceof Fault) return error;
  log.error('run.defect', error);
  return new Fault('internal', 'something in Gongwei itself went wrong', {
    hint: 'The log has the details; tell support the time.',
    cause: error,
  });
}

export function toFailure(fault: Fault, phase: string, step: string): RunFailure {
  const { code, message, hint, details } = fault.toView();
  return { code, phase, step, message, hint, details };
}
