import type { Recipe, Step } from '#shared/recipe/index.ts';
import { stepName } from '#shared/recipe/index.ts';
import type { IdentityProof } from '#shared/registry-api/events.ts';
import type { RunRow, WritableDatabase } from '../../core/database/index.ts';

/** Where a run goes on that a crash of the station cut off. */
export interface ResumePoint {
  readonly runId: string;
  readonly startedAt: number;
  /** When the last attempt that is recorded had ended, in the run's own time. */
  readonly reachedAt: number;
  /** Main steps that had passed, as `phase/step`: they are not done again. */
  readonly done: ReadonlySet<string>;
  readonly variables: ReadonlyMap<string, string>;
  readonly proof: IdentityProof | null;
  readonly nextSeq: number;
  /** The unit it began with: no other may go on with it. `null` when it had not said who it is. */
  readonly chipId: string | null;
  /** How often it was taken up before, this time included. */
  readonly times: number;
}

/** A run that crashes the station each time is not taken up for ever. */
const MOST_TIMES = 3;

/** Steps that stand on the wire or on the device's memory as it was: they are done again, and all of them can be. */
const ALWAYS_AGAIN: readonly Step['verb'][] = [
  'identify',
  'burn-triple',
  'prove-online',
  'log-out',
  'set-lines',
  'power',
];

/**
 * Where the run goes on, or `null` when it cannot: the recipe does not allow it, or it was taken up too often. Setup
 * and teardown are always done again, and so is the one step that was under way.
 */
export function resumePointOf(database: WritableDatabase, run: RunRow, recipe: Recipe): ResumePoint | null {
  const times = database.runs.countResumed(run.runId) + 1;
  if (!recipe.resume || times > MOST_TIMES) return null;
  const steps = database.runs.listSteps(run.runId);
  const last = new Map(steps.map((row) => [`${row.phase}/${row.step}`, row]));
  const done = new Set<string>();
  for (const phase of recipe.phases) {
    if (phase.kind !== 'main') continue;
    for (const step of phase.steps) {
      const key = `${phase.name}/${stepName(step)}`;
      const row = last.get(key);
      if (row === undefined) continue;
      // What failed for good has decided the run: it must not get another chance by a crash.
      if (row.outcome !== 'PASS' && row.attempt > (step.retries ?? 0)) return null;
      const again = step.resumable === false || ALWAYS_AGAIN.includes(step.verb);
      if (row.outcome === 'PASS' && !again) done.add(key);
    }
  }
  return {
    runId: run.runId,
    startedAt: run.startedAt,
    reachedAt: Math.max(run.startedAt, ...steps.map(({ startedAt, ms }) => Math.ceil(startedAt + ms))),
    done,
    variables: new Map(steps.flatMap(({ captured }) => Object.entries(captured ?? {}))),
    proof: run.proof,
    nextSeq: (steps.at(-1)?.seq ?? -1) + 1,
    chipId: run.chipId,
    times,
  };
}
