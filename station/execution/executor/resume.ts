import { FLASHED_CHIP } from '#shared/domain/flash.ts';
import { type Recipe, stepName, verbOf } from '#shared/recipe/index.ts';
import type { IdentityProof } from '#shared/registry-api/events.ts';
import type { RunRow, WritableDatabase } from '../../core/database/index.ts';

/** Where a run is resumed that a stop of the station interrupted. A recording holds it under these names. */
export interface ResumePoint {
  readonly runId: string;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Unix milliseconds of the end of the last recorded attempt, as the run counted time. */
  readonly reachedAt: number;
  /** Main steps that had passed, as `phase/step`; they are not executed again. */
  readonly done: ReadonlySet<string>;
  readonly variables: ReadonlyMap<string, string>;
  readonly proof: IdentityProof | null;
  readonly nextSeq: number;
  /** Chip id of the unit; no other unit may continue the run. `null` when it was not identified. */
  readonly chipId: string | null;
  /** The chip that the run has flashed, as `RunContext.flashedChip`; another unit would lack what is not written again. */
  readonly flashedChip: string | null;
  /** How often the run was resumed, this time included. */
  readonly times: number;
}

/** A run that crashes the station each time must not do so for ever. */
const MAX_RESUMES = 3;

/**
 * Where an interrupted run is resumed; `null` when it cannot be: its recipe does not allow it, it was resumed too often,
 * or a step had failed for good. Setup and teardown are executed again, and so are the interrupted step, the verbs with
 * `repeatOnResume`, and what is sent to instruments, which may have been switched off.
 */
export function resumePointOf(database: WritableDatabase, run: RunRow, recipe: Recipe): ResumePoint | null {
  const times = database.runs.countResumed(run.runId) + 1;
  if (!recipe.resume || times > MAX_RESUMES) return null;
  const steps = database.runs.listSteps(run.runId);
  const last = new Map(steps.map((row) => [`${row.phase}/${row.step}`, row]));
  const done = new Set<string>();
  for (const phase of recipe.phases) {
    if (phase.kind !== 'main') continue;
    for (const step of phase.steps) {
      const key = `${phase.name}/${stepName(step)}`;
      const row = last.get(key);
      if (row === undefined) continue;
      // A step that failed for good has decided the run; a crash must not give it another attempt.
      if (row.outcome !== 'PASS' && row.attempt > (step.retries ?? 0)) return null;
      const isOfInstrument = 'instrument' in step && step.instrument !== undefined;
      const again = step.resumable === false || verbOf(step).repeatOnResume === true || isOfInstrument;
      if (row.outcome === 'PASS' && !again) done.add(key);
    }
  }
  return {
    runId: run.runId,
    startedAt: run.startedAtMs,
    reachedAt: Math.max(run.startedAtMs, ...steps.map(({ startedAtMs, ms }) => Math.ceil(startedAtMs + ms))),
    done,
    variables: new Map(steps.flatMap(({ captured }) => Object.entries(captured ?? {}))),
    proof: run.proof,
    nextSeq: (steps.at(-1)?.seq ?? -1) + 1,
    chipId: run.chipId,
    flashedChip: flashedChipOf(database, run),
    times,
  };
}

function flashedChipOf(database: WritableDatabase, { runId }: RunRow): string | null {
  const measured = database.runs.listMeasurements(runId).findLast(({ name }) => name === FLASHED_CHIP);
  return measured === undefined ? null : String(measured.value);
}
