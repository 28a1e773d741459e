import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';
import type { AttemptJson, MeasuredJson, Recording } from '../recording/index.ts';
import type { Difference } from './difference.ts';
import type { Played } from './replay-io.ts';

/** One attempt of a step, then and now; null where it was not made. */
export interface ComparedStep {
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly then: AttemptJson | null;
  readonly now: AttemptJson | null;
  readonly same: boolean;
  /** The recording has no answer to what it asks: how it ended now, if it did, says nothing about the unit. */
  readonly unheard: boolean;
}

export interface Comparison {
  /** Null when the recording was cut off before the run ended. */
  readonly then: Outcome | null;
  /** Null when the replay reached the end of one that was cut off, and when it depends on what cannot be told. */
  readonly now: Outcome | null;
  /** Where the run asked first what the recording has no answer to; null when it never did. */
  readonly untold: Difference | null;
  readonly failure: RunFailure | null;
  readonly steps: readonly ComparedStep[];
  /** Where the run did something else than in the recording, in order. */
  readonly differences: readonly Difference[];
  /** Beyond this nothing can be told, because the unit said more than is kept; `null` when everything can. */
  readonly wholeUntilMs: number | null;
  /** Outcome and every step's outcome are what they were; false when that cannot be told. */
  readonly same: boolean;
  /** And so is everything that was measured. */
  readonly sameMeasurements: boolean;
}

export function compare(recording: Recording, played: Played): Comparison {
  const entries = [...recording.entries.values()];
  const { wholeUntilMs } = recording;
  const end = entries.findIndex(({ d }) => d === 'c');
  const attempts = (some: typeof entries): AttemptJson[] =>
    some.flatMap((entry) => (entry.d === 'r' ? [entry.r] : []));
  const recorded = attempts(end === -1 ? entries : entries.slice(0, end));
  const beyond = end === -1 ? [] : attempts(entries.slice(end));
  const verdict = entries.find((entry) => entry.d === 'v') ?? null;
  const then = verdict?.outcome ?? null;
  const untold = played.differences.find(({ unanswered }) => unanswered) ?? null;
  const tells = untold === null || failedBefore(played, untold);
  const now = tells ? (played.verdict?.outcome ?? null) : null;
  const steps = [
    ...align(recorded, played),
    ...beyond.map((before) => ({ ...compared(before, null, new Set()), unheard: true })),
  ];
  return {
    then,
    now,
    untold,
    failure: tells ? (played.verdict?.failure ?? null) : null,
    steps,
    differences: played.differences,
    wholeUntilMs,
    same: steps.every(({ same }) => same) && then === now,
    sameMeasurements: steps.every(
      ({ then: before, now }) => before === null || now === null || sameMeasured(before, now),
    ),
  };
}

/** A step had failed for good by then: that the run does not pass is certain. */
function failedBefore({ attempts, differences }: Played, untold: Difference): boolean {
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

/** Attempts that asked what the recording has no answer to. */
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

/** Without attempts that follow one of which nobody knows how it would have ended: they were never made. */
function certain(attempts: readonly AttemptJson[], unheard: ReadonlySet<string>): AttemptJson[] {
  return attempts.filter(
    (attempt) =>
      !Array.from({ length: attempt.attempt - 1 }, (_, at) => keyOf({ ...attempt, attempt: at + 1 })).some(
        (earlier) => unheard.has(earlier),
      ),
  );
}

/** Steps in the order of the recipe that ran now, those that only ran then where they would have been. */
function align(recorded: readonly AttemptJson[], played: Played): ComparedStep[] {
  const steps: ComparedStep[] = [];
  let left = recorded;
  const unheard = unheardIn(played.differences);
  const attempts = certain(played.attempts, unheard);
  for (const [place, now] of attempts.entries()) {
    const at = left.findIndex((then) => isSame(then, now));
    const later = attempts.slice(place + 1);
    // Those before it did not run this time, unless they come later now.
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
