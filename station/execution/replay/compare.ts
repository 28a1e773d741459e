import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';
import type { AttemptJson, MeasuredJson, Recording } from '../recording/index.ts';
import type { ReplayResult, Difference } from './replay-io.ts';

/** One attempt of a step in both runs; `recorded` or `replayed` is null when that run did not make it. */
export interface ComparedStep {
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly recorded: AttemptJson | null;
  readonly replayed: AttemptJson | null;
  readonly same: boolean;
  /** The recording has no answer to a request of the replayed attempt, so that its outcome is not certain. */
  readonly unanswered: boolean;
}

/** The outcomes of a recorded run and of its replay. */
export interface Comparison {
  /** Null when the recording was cut off before the run ended. */
  readonly recorded: Outcome | null;
  /** Null when the recording ended before the run, and when the outcome depends on something that was not recorded. */
  readonly replayed: Outcome | null;
  /** The first difference to which the recording has no answer; null when there is none. */
  readonly firstUnanswered: Difference | null;
  readonly failure: RunFailure | null;
  readonly steps: readonly ComparedStep[];
  /** In the order in which they occurred. */
  readonly differences: readonly Difference[];
  /** The recording is complete up to this time, ms; null when it is complete to its end. */
  readonly completeUntilMs: number | null;
  /** The outcome of the run and of every step is as recorded; false when an outcome is not certain. */
  readonly same: boolean;
  /** Every measurement of the attempts that both runs made is as recorded. */
  readonly sameMeasurements: boolean;
}

export function compare(recording: Recording, result: ReplayResult): Comparison {
  const entries = [...recording.entries.values()];
  const truncatedAt = entries.findIndex(({ type }) => type === 'truncated');
  const attemptsOf = (part: typeof entries): AttemptJson[] =>
    part.flatMap((entry) => (entry.type === 'attempt' ? [entry.attempt] : []));
  const beforeTruncation = attemptsOf(truncatedAt === -1 ? entries : entries.slice(0, truncatedAt));
  const afterTruncation = truncatedAt === -1 ? [] : attemptsOf(entries.slice(truncatedAt));
  const recorded = entries.find((entry) => entry.type === 'outcome')?.outcome ?? null;
  const firstUnanswered = result.differences.find(({ unanswered }) => unanswered) ?? null;
  const isOutcomeCertain = firstUnanswered === null || failedBefore(result, firstUnanswered);
  const replayed = isOutcomeCertain ? (result.runResult?.outcome ?? null) : null;
  const steps = [
    ...align(beforeTruncation, result),
    ...afterTruncation.map((attempt) => ({ ...compareAttempt(attempt, null, new Set()), unanswered: true })),
  ];
  return {
    recorded,
    replayed,
    firstUnanswered,
    failure: isOutcomeCertain ? (result.runResult?.failure ?? null) : null,
    steps,
    differences: result.differences,
    completeUntilMs: recording.completeUntilMs,
    // Both outcomes are null when a recording was cut off and its replay, too, ends there.
    same: steps.every(({ same }) => same) && recorded === replayed,
    sameMeasurements: steps.every(
      (step) =>
        step.recorded === null || step.replayed === null || sameMeasured(step.recorded, step.replayed),
    ),
  };
}

/** True when a step had failed for good before `unanswered`: then it is certain that the run does not pass. */
function failedBefore({ attempts, differences }: ReplayResult, unanswered: Difference): boolean {
  const uncertain = unansweredIn(differences);
  const from = attempts.findIndex((attempt) => uncertain.has(keyOf(attempt)));
  const before = attempts.slice(0, from < 0 ? attempts.length : from);
  const isRepeated = (attempt: AttemptJson, next: AttemptJson | undefined): boolean =>
    next?.phase === attempt.phase && next.step === attempt.step;
  return before.some(
    (attempt, index) =>
      attempt.outcome !== 'PASS' &&
      !isRepeated(attempt, attempts[index + 1]) &&
      !(attempt.phase === unanswered.phase && attempt.step === unanswered.step),
  );
}

/** Keys of the attempts with a request to which the recording has no answer. */
function unansweredIn(differences: readonly Difference[]): ReadonlySet<string> {
  const unanswered = differences.filter((difference) => difference.unanswered);
  return new Set(
    unanswered.map(({ phase, step, attempt }) => keyOf({ phase: phase ?? '', step: step ?? '', attempt })),
  );
}

function keyOf({ phase, step, attempt }: Pick<AttemptJson, 'phase' | 'step' | 'attempt'>): string {
  return JSON.stringify([phase, step, attempt]);
}

/** Omits the attempts after one whose outcome is not certain: the run might not have made them. */
function withoutUncertainAttempts(
  attempts: readonly AttemptJson[],
  unanswered: ReadonlySet<string>,
): AttemptJson[] {
  return attempts.filter((attempt) => {
    const earlier = Array.from({ length: attempt.attempt - 1 }, (_, index) => index + 1);
    return !earlier.some((number) => unanswered.has(keyOf({ ...attempt, attempt: number })));
  });
}

/** Attempts in the order of the replayed run; those of the recorded run alone are inserted in their own order. */
function align(recordedAttempts: readonly AttemptJson[], result: ReplayResult): ComparedStep[] {
  const steps: ComparedStep[] = [];
  let remaining = recordedAttempts;
  const unanswered = unansweredIn(result.differences);
  const attempts = withoutUncertainAttempts(result.attempts, unanswered);
  for (const [index, replayed] of attempts.entries()) {
    const position = remaining.findIndex((attempt) => isSame(attempt, replayed));
    const later = attempts.slice(index + 1);
    // The replayed run did not repeat the recorded attempts before this one, unless they come later.
    const notRepeated = remaining
      .slice(0, Math.max(0, position))
      .filter((attempt) => !later.some((next) => isSame(attempt, next)));
    const recorded = remaining[position] ?? null;
    for (const attempt of notRepeated) steps.push(compareAttempt(attempt, null, unanswered));
    remaining = remaining.filter((attempt) => attempt !== recorded && !notRepeated.includes(attempt));
    steps.push(compareAttempt(recorded, replayed, unanswered));
  }
  for (const recorded of remaining) steps.push(compareAttempt(recorded, null, unanswered));
  return steps;
}

function compareAttempt(
  recorded: AttemptJson | null,
  replayed: AttemptJson | null,
  unanswered: ReadonlySet<string>,
): ComparedStep {
  const { phase = '', step = '', attempt = 1 } = replayed ?? recorded ?? {};
  return {
    phase,
    step,
    attempt,
    recorded,
    replayed,
    same: recorded !== null && replayed !== null && recorded.outcome === replayed.outcome,
    unanswered: replayed !== null && unanswered.has(keyOf(replayed)),
  };
}

function isSame(a: AttemptJson, b: AttemptJson): boolean {
  return a.phase === b.phase && a.step === b.step && a.attempt === b.attempt;
}

function sameMeasured(recorded: AttemptJson, replayed: AttemptJson): boolean {
  const serialize = ({ name, value, unit, outcome }: MeasuredJson): string =>
    JSON.stringify([name, value, unit, outcome]);
  return recorded.measured.map(serialize).join('\n') === replayed.measured.map(serialize).join('\n');
}
