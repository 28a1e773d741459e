import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';
import type { AttemptJson, MeasuredJson, Recording } from '../recording/index.ts';
import type { ReplayResult, Difference } from './replay-io.ts';

/** One attempt of a step, then and now; null where it was not made. */
export interface ComparedStep {
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly then: AttemptJson | null;
  readonly now: AttemptJson | null;
  readonly same: boolean;
  /** The recording has no answer to what this attempt asks, so that its outcome now means nothing. */
  readonly unheard: boolean;
}

export interface Comparison {
  /** Null when the recording was cut off before the run ended. */
  readonly then: Outcome | null;
  /** Null when the recording ended before the run, and when the outcome depends on something that was not recorded. */
  readonly now: Outcome | null;
  /** The first difference to which the recording has no answer; null when there is none. */
  readonly untold: Difference | null;
  readonly failure: RunFailure | null;
  readonly steps: readonly ComparedStep[];
  /** In the order in which they occurred. */
  readonly differences: readonly Difference[];
  /** The recording has nothing of the unit after this time, milliseconds; null when it is complete. */
  readonly wholeUntilMs: number | null;
  /** Outcome and every step's outcome are as recorded; false when that is not certain. */
  readonly same: boolean;
  /** Every measurement is as recorded. */
  readonly sameMeasurements: boolean;
}

export function compare(recording: Recording, replayed: ReplayResult): Comparison {
  const entries = [...recording.entries.values()];
  const { wholeUntilMs } = recording;
  const end = entries.findIndex(({ type }) => type === 'truncated');
  const attempts = (some: typeof entries): AttemptJson[] =>
    some.flatMap((entry) => (entry.type === 'attempt' ? [entry.attempt] : []));
  const recorded = attempts(end === -1 ? entries : entries.slice(0, end));
  const beyond = end === -1 ? [] : attempts(entries.slice(end));
  const verdict = entries.find((entry) => entry.type === 'outcome') ?? null;
  const then = verdict?.outcome ?? null;
  const untold = replayed.differences.find(({ unanswered }) => unanswered) ?? null;
  const tells = untold === null || failedBefore(replayed, untold);
  const now = tells ? (replayed.verdict?.outcome ?? null) : null;
  const steps = [
    ...align(recorded, replayed),
    ...beyond.map((before) => ({ ...compared(before, null, new Set()), unheard: true })),
  ];
  return {
    then,
    now,
    untold,
    failure: tells ? (replayed.verdict?.failure ?? null) : null,
    steps,
    differences: replayed.differences,
    wholeUntilMs,
    same: steps.every(({ same }) => same) && then === now,
    sameMeasurements: steps.every(
      ({ then: before, now }) => before === null || now === null || sameMeasured(before, now),
    ),
  };
}

/** True when a step had failed for good before `untold`: then it is certain that the run does not pass. */
function failedBefore({ attempts, differences }: ReplayResult, untold: Difference): boolean {
  const unheard = unheardIn(differences);
  const from = attempts.findIndex((attempt) => unheard.has(keyOf(attempt)));
  const before = attempts.slice(0, from < 0 ? attempts.length : from);
  const isAgain = (attempt: AttemptJson, next: AttemptJson | undefined): boolean =>
    next?.phase === attempt.phase && next.step === attempt.step;
  return before.some(
    (attempt, at) =>
      attempt.outcome !== 'PASS' &&
      !isAgain(attempt, attempts[at + 1]) &&
      !(attempt.phase === untold.phase && `step ${attempt.step}` === untold.step),
  );
}

/** Keys of the attempts that asked something to which the recording has no answer. */
function unheardIn(differences: readonly Difference[]): ReadonlySet<string> {
  const unanswered = differences.filter((difference) => difference.unanswered);
  return new Set(
    unanswered.map(({ phase, step, attempt }) =>
      keyOf({ phase: phase ?? '', step: (step ?? '').slice('step '.length), attempt }),
    ),
  );
}

function keyOf({ phase, step, attempt }: Pick<AttemptJson, 'phase' | 'step' | 'attempt'>): string {
  return JSON.stringify([phase, step, attempt]);
}

/** Without the attempts after one whose outcome is unknown: it is not certain that they would have been made. */
function certain(attempts: readonly AttemptJson[], unheard: ReadonlySet<string>): AttemptJson[] {
  return attempts.filter(
    (attempt) =>
      !Array.from({ length: attempt.attempt - 1 }, (_, at) => keyOf({ ...attempt, attempt: at + 1 })).some(
        (earlier) => unheard.has(earlier),
      ),
  );
}

/** Steps in the order of the replayed run; steps that only the recorded run has stand at their place in it. */
function align(recorded: readonly AttemptJson[], replayed: ReplayResult): ComparedStep[] {
  const steps: ComparedStep[] = [];
  let left = recorded;
  const unheard = unheardIn(replayed.differences);
  const attempts = certain(replayed.attempts, unheard);
  for (const [index, now] of attempts.entries()) {
    const at = left.findIndex((then) => isSame(then, now));
    const later = attempts.slice(index + 1);
    // The recorded attempts before it were not made now, unless they come later.
    const gone = left.slice(0, Math.max(0, at)).filter((then) => !later.some((next) => isSame(then, next)));
    const then = left[at] ?? null;
    for (const before of gone) steps.push(compared(before, null, unheard));
    left = left.filter((one) => one !== then && !gone.includes(one));
    steps.push(compared(then, now, unheard));
  }
  for (const then of left) steps.push(compared(then, null, unheard));
  return steps;
}

function compared(
  then: AttemptJson | null,
  now: AttemptJson | null,
  unheard: ReadonlySet<string>,
): ComparedStep {
  const { phase = '', step = '', attempt = 1 } = now ?? then ?? {};
  return {
    phase,
    step,
    attempt,
    then,
    now,
    same: then !== null && now !== null && then.outcome === now.outcome,
    unheard: now !== null && unheard.has(keyOf(now)),
  };
}

function isSame(a: AttemptJson, b: AttemptJson): boolean {
  return a.phase === b.phase && a.step === b.step && a.attempt === b.attempt;
}

function sameMeasured(then: AttemptJson, now: AttemptJson): boolean {
  const words = ({ name, value, unit, outcome }: MeasuredJson): string =>
    JSON.stringify([name, value, unit, outcome]);
  return then.measured.map(words).join('\n') === now.measured.map(words).join('\n');
}
