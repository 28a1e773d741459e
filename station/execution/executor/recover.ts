import { endProgram } from '#node-kit/process/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Ledger } from '../../identity/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { RunRow, WritableDatabase } from '../../core/database/index.ts';
import { finishRun } from './finish-run.ts';
import { interruptedFailure } from './interrupted-failure.ts';
import type { ParsedRecipe } from '../recipes/index.ts';
import { type ResumePoint, resumePointOf } from './resume.ts';

export interface Recovery {
  /** Triples whose burn was interrupted: in doubt until their unit is read. */
  readonly inDoubt: number;
  /** Interrupted runs that ended ERROR, with everything measured so far. */
  readonly interruptedRuns: readonly string[];
  /** The same, as they were. */
  readonly ended: readonly RunRow[];
  /** Interrupted runs that this start resumes. */
  readonly resumable: readonly Resumable[];
}

/** When a run is resumed: by this start, by a later start of the station with its slot, or never. */
export type ResumeDecision = 'now' | 'later' | 'never';

type RecoveryPlatform = Pick<Platform, 'clock' | 'paths'>;

/** An interrupted run that is resumed. */
export interface Resumable {
  readonly run: RunRow;
  readonly recipe: ParsedRecipe;
  readonly point: ResumePoint;
}

/**
 * Settles the runs and triples that the last stop of the station interrupted. Called first at a start.
 *
 * @param decideResume when a run is resumed whose recipe allows it: a start that runs no units leaves it to a later one
 * @param recipeOf the recipe of a run; `null` when it cannot be read any more. A fault `recipe-changed` becomes the run's
 * failure
 */
export function recover(
  database: WritableDatabase,
  ledger: Ledger,
  platform: RecoveryPlatform,
  decideResume: (run: RunRow) => ResumeDecision = () => 'never',
  recipeOf: (run: RunRow) => ParsedRecipe | null = () => null,
): Recovery {
  const inDoubt = ledger.recover();
  const ended: RunRow[] = [];
  const resumable: Resumable[] = [];
  for (const run of database.runs.listUnfinished()) {
    // A program of the step that was killed would go on writing into its unit.
    endProgram(run.runId);
    let changed: Fault | null = null;
    let recipe: ParsedRecipe | null = null;
    const when = decideResume(run);
    try {
      recipe = when === 'never' ? null : recipeOf(run);
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'recipe-changed') throw error;
      changed = error;
    }
    const point = recipe === null ? null : resumePointOf(database, run, recipe.recipe);
    if (recipe !== null && point !== null) {
      if (when === 'now') resumable.push({ run, recipe, point });
      continue;
    }
    endInterrupted(database, platform, run, changed);
    ended.push(run);
  }
  return { inDoubt, interruptedRuns: ended.map(({ runId }) => runId), ended, resumable };
}

/** Ends an interrupted run that is not resumed, with everything measured so far. */
export function endInterrupted(
  database: WritableDatabase,
  { clock, paths }: RecoveryPlatform,
  run: RunRow,
  cause: Fault | null = null,
): void {
  const failure = {
    ...interruptedFailure(database, run.runId, paths.dataDir),
    ...(cause === null ? {} : cause.toView()),
  };
  finishRun(database, run.runId, Math.max(clock.nowMs(), run.startedAtMs), 'ERROR', failure);
}
