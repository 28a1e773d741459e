import { Fault } from '#shared/domain/fault.ts';
import { type Outcome, outcomeOfFault, type RunFailure, worstOutcome } from '#shared/domain/outcome.ts';
import { type Phase, type Recipe, type Step, stepName } from '#shared/domain/recipe.ts';
import type { Log } from '../platform/index.ts';

/** How long all teardown phases together may take, when the recipe says nothing. */
const TEARDOWN_TIMEOUT_MS = 30_000;
const STEP_TIMEOUT_MS = 60_000;

/** What the executor needs from its surroundings; keeps the order of phases apart from devices and records. */
export interface ExecuteHooks {
  enterPhase(phase: Phase, index: number): void;
  enterStep(phase: Phase, step: Step, doneSteps: number, allSteps: number): void;
  /** Does one attempt of a step. */
  perform(step: Step, signal: AbortSignal): Promise<void>;
  /** One attempt has ended; durable when it returns. */
  recordAttempt(attempt: Attempt): void;
  readonly log: Log;
  monotonicMs(): number;
  nowMs(): number;
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
 * happened. A stop (`signal`) ends the step under way and skips to teardown, which it cannot interrupt.
 */
export async function execute(recipe: Recipe, hooks: ExecuteHooks, signal: AbortSignal): Promise<Verdict> {
  const ordered = [...byKind(recipe, 'setup'), ...byKind(recipe, 'main'), ...byKind(recipe, 'teardown')];
  const allSteps = ordered.reduce((sum, phase) => sum + phase.steps.length, 0);
  const outcomes: Outcome[] = [];
  let first: RunFailure | null = null;
  let doneSteps = 0;
  let stopped = false;
  const teardown = new AbortController();
  const teardownTimer = { started: false, handle: undefined as ReturnType<typeof setTimeout> | undefined };

  try {
    for (const [index, phase] of ordered.entries()) {
      const isTeardown = phase.kind === 'teardown';
      if (!isTeardown && (outcomes.some((outcome) => outcome !== 'PASS') || signal.aborted)) {
        doneSteps += phase.steps.length;
        stopped ||= signal.aborted;
        continue;
      }
      if (isTeardown && !teardownTimer.started) {
        teardownTimer.started = true;
        teardownTimer.handle = setTimeout(
          () => teardown.abort(tooLong('teardown', TEARDOWN_TIMEOUT_MS)),
          TEARDOWN_TIMEOUT_MS,
        );
      }
      hooks.enterPhase(phase, index);
      const verdict = await runPhase(phase, isTeardown ? teardown.signal : signal);
      outcomes.push(verdict.outcome);
      first ??= verdict.failure;
    }
  } finally {
    clearTimeout(teardownTimer.handle);
  }
  if (stopped && first === null) {
    const fault = signal.reason instanceof Fault ? signal.reason : new Fault('cancelled', 'stopped');
    first = toFailure(fault, ordered[0]?.name ?? '', '');
    outcomes.push(outcomeOfFault(fault.code));
  }
  return { outcome: worstOutcome(outcomes), failure: first };

  async function runPhase(phase: Phase, outer: AbortSignal): Promise<Verdict> {
    const limit = phase.timeoutMs === undefined ? null : deadline(`phase ${phase.name}`, phase.timeoutMs);
    const inPhase = limit === null ? outer : AbortSignal.any([outer, limit.signal]);
    try {
      for (const step of phase.steps) {
        hooks.enterStep(phase, step, doneSteps, allSteps);
        const verdict = await runStep(phase, step, inPhase);
        doneSteps += 1;
        // Teardown does all it can: one step that fails does not keep the next from running.
        if (verdict.outcome !== 'PASS' && phase.kind !== 'teardown') return verdict;
        if (verdict.outcome !== 'PASS') first ??= verdict.failure;
        if (verdict.outcome !== 'PASS') outcomes.push(verdict.outcome);
      }
      return { outcome: 'PASS', failure: null };
    } finally {
      limit?.clear();
    }
  }

  async function runStep(phase: Phase, step: Step, outer: AbortSignal): Promise<Verdict> {
    const attempts = 1 + (step.retries ?? 0);
    for (let attempt = 1; ; attempt++) {
      const timeoutMs = step.timeoutMs ?? STEP_TIMEOUT_MS;
      const limit = deadline(`step ${stepName(step)}`, timeoutMs);
      const startedAt = hooks.nowMs();
      const began = hooks.monotonicMs();
      let failure: RunFailure | null = null;
      try {
        await hooks.perform(step, AbortSignal.any([outer, limit.signal]));
      } catch (error) {
        failure = toFailure(asFault(error, hooks.log), phase.name, stepName(step));
      } finally {
        limit.clear();
      }
      const outcome: Outcome = failure === null ? 'PASS' : outcomeOfFault(failure.code);
      const ms = Math.round((hooks.monotonicMs() - began) * 10) / 10;
      hooks.recordAttempt({
        phase: phase.name,
        step: stepName(step),
        attempt,
        outcome,
        startedAt,
        ms,
        failure,
      });
      // Only what is the unit's is worth another try; an absent port stays absent, a stop is a stop.
      const again = (outcome === 'FAIL' || outcome === 'TIMEOUT') && attempt < attempts && !outer.aborted;
      if (!again) return { outcome, failure };
    }
  }
}

function byKind(recipe: Recipe, kind: Phase['kind']): Phase[] {
  return recipe.phases.filter((phase) => phase.kind === kind);
}

function deadline(what: string, timeoutMs: number): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(tooLong(what, timeoutMs)), timeoutMs);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
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
  return { code: fault.code, phase, step, message: fault.message, hint: fault.hint, details: fault.details };
}
