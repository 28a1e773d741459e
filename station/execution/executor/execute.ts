import { Deadline } from '#node-kit/async/index.ts';
import { abortFault, Fault } from '#shared/domain/fault.ts';
import { type Outcome, outcomeOfFault, type RunFailure, worstOutcome } from '#shared/domain/outcome.ts';
import {
  type Phase,
  type Recipe,
  type Step,
  stepName,
  stepTimeoutMs,
  TEARDOWN_TIMEOUT_MS,
} from '#shared/recipe/index.ts';
import type { Clock, Log } from '../../core/platform/index.ts';

/** What the executor needs from its surroundings; keeps the order of phases apart from devices and records. */
export interface ExecuteHooks {
  enterPhase(phase: Phase, index: number): void;
  enterStep(phase: Phase, step: Step, doneSteps: number, allSteps: number): void;
  /** False when the step is not to be done: its condition does not hold, or it was done before a crash. */
  wanted(phase: Phase, step: Step): boolean;
  /** Does one attempt of a step. */
  perform(step: Step, signal: AbortSignal): Promise<void>;
  /** One attempt has ended; durable when it returns. */
  recordAttempt(attempt: Attempt): void;
  readonly log: Log;
  readonly clock: Clock;
  /** The wall clock's time at a reading of the monotonic one, as the run counts it: Unix milliseconds. */
  atMs(monotonicMs: number): number;
}

export interface Attempt {
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly startedAt: number;
  readonly ms: number;
  readonly failure: RunFailure | null;
}

export interface Verdict {
  readonly outcome: Outcome;
  readonly failure: RunFailure | null;
}

/**
 * Runs a recipe's phases: setup and main in order until one does not pass, then every teardown phase whatever
 * happened. A stop (`signal`) ends the step under way and skips to teardown, which it cannot interrupt. After a step with
 * `onFail: continue` that ends FAIL or TIMEOUT, the rest of its phase and the later phases run. Any other step that does
 * not pass ends its phase; the later phases run if that phase has `onFail: continue`. An ERROR of the station never lets
 * the rest run. The outcome of the run is its worst.
 */
export async function execute(recipe: Recipe, hooks: ExecuteHooks, signal: AbortSignal): Promise<Verdict> {
  const ordered = [...byKind(recipe, 'setup'), ...byKind(recipe, 'main'), ...byKind(recipe, 'teardown')];
  const allSteps = ordered.reduce((sum, phase) => sum + phase.steps.length, 0);
  const outcomes: Outcome[] = [];
  let first: RunFailure | null = null;
  let doneSteps = 0;
  let over = false;
  let stopped = false;
  let teardown: Deadline | null = null;

  try {
    for (const [index, phase] of ordered.entries()) {
      const isTeardown = phase.kind === 'teardown';
      if (!isTeardown && (over || signal.aborted)) {
        doneSteps += phase.steps.length;
        stopped ||= signal.aborted;
        continue;
      }
      if (isTeardown) teardown ??= deadline('teardown', TEARDOWN_TIMEOUT_MS, hooks.clock);
      hooks.enterPhase(phase, index);
      const endedBy = await runPhase(phase, teardown?.signal ?? signal);
      over ||= endedBy !== null && !(isUnits(endedBy) && phase.onFail === 'continue');
    }
  } finally {
    teardown?.[Symbol.dispose]();
  }
  if (stopped && first === null) {
    const fault = abortFault(signal);
    first = toFailure(fault, ordered[0]?.name ?? '', '');
    outcomes.push(outcomeOfFault(fault.code));
  }
  return { outcome: worstOutcome(outcomes), failure: first };

  /** The outcome of the step that ended the phase before its end; `null` when all its steps had their turn. */
  async function runPhase(phase: Phase, outer: AbortSignal): Promise<Outcome | null> {
    const limit =
      phase.timeoutMs === undefined ? null : deadline(`phase ${phase.name}`, phase.timeoutMs, hooks.clock);
    const inPhase = limit === null ? outer : AbortSignal.any([outer, limit.signal]);
    const before = doneSteps;
    try {
      for (const [at, step] of phase.steps.entries()) {
        hooks.enterStep(phase, step, before + at, allSteps);
        if (!hooks.wanted(phase, step)) continue;
        const { outcome, failure } = await runStep(phase, step, inPhase);
        if (outcome === 'PASS') continue;
        outcomes.push(outcome);
        first ??= failure;
        // Teardown does all it can: one step that fails does not keep the next from running.
        if (phase.kind === 'teardown') continue;
        // A phase whose time is over has none left for its other steps.
        const decideResume = isUnits(outcome) && step.onFail === 'continue' && !inPhase.aborted;
        if (!decideResume) return outcome;
      }
      return null;
    } finally {
      doneSteps = before + phase.steps.length;
      limit?.[Symbol.dispose]();
    }
  }

  async function runStep(phase: Phase, step: Step, outer: AbortSignal): Promise<Verdict> {
    const attempts = 1 + (step.retries ?? 0);
    for (let attempt = 1; ; attempt++) {
      const limit = deadline(`step ${stepName(step)}`, stepTimeoutMs(step), hooks.clock);
      const began = hooks.clock.monotonicMs();
      let failure: RunFailure | null = null;
      try {
        await hooks.perform(step, AbortSignal.any([outer, limit.signal]));
      } catch (error) {
        failure = toFailure(asFault(error, hooks.log), phase.name, stepName(step));
      } finally {
        limit[Symbol.dispose]();
      }
      const outcome: Outcome = failure === null ? 'PASS' : outcomeOfFault(failure.code);
      const ms = Math.round((hooks.clock.monotonicMs() - began) * 10) / 10;
      hooks.recordAttempt({
        phase: phase.name,
        step: stepName(step),
        attempt,
        outcome,
        startedAt: hooks.atMs(began),
        ms,
        failure,
      });
      // Only what is the unit's is worth another try; an absent port stays absent, a stop is a stop.
      const again = isUnits(outcome) && attempt < attempts && !outer.aborted;
      if (!again) return { outcome, failure };
      // A stop in the pause ends the next attempt before it begins, and is recorded there.
      if (step.retryDelayMs !== undefined)
        await hooks.clock.sleep(step.retryDelayMs, outer).catch(() => undefined);
    }
  }
}

/** True for what the unit did, or did not do in time. */
function isUnits(outcome: Outcome): boolean {
  return outcome === 'FAIL' || outcome === 'TIMEOUT';
}

function byKind(recipe: Recipe, kind: Phase['kind']): Phase[] {
  return recipe.phases.filter((phase) => phase.kind === kind);
}

/** By the clock of the platform, so that a replay's deadlines come when its recording says. */
function deadline(what: string, timeoutMs: number, clock: Clock): Deadline {
  return new Deadline(timeoutMs, () => tooLong(what, timeoutMs), clock);
}

function tooLong(what: string, timeoutMs: number): Fault {
  return new Fault('timeout', `${what} did not end in ${timeoutMs} ms`, { details: { timeoutMs } });
}

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
