import { Fault } from '#shared/domain/fault.ts';
import type { Ledger } from '../../identity/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { RunRow, WritableDatabase } from '../../core/database/index.ts';
import { finishRun } from './finish-run.ts';
import { interruptedFailure } from './interrupted-failure.ts';
import type { ParsedRecipe } from '../recipes/index.ts';
import { type ResumePoint, resumePointOf } from './resume.ts';

export interface Recovery {
  /** Triples whose writing was cut off: in doubt until their device is asked. */
  readonly inDoubt: number;
  /** Runs that were under way: ended as ERROR with everything measured so far. */
  readonly interruptedRuns: readonly string[];
  /** Runs that go on when their unit is on its slot, because their recipe allows it. */
  readonly resumable: readonly Resumable[];
}

/** Whether this station can take up a run: `later` leaves it as it is for a start of the station with its slot. */
export type ResumeDecision = 'now' | 'later' | 'never';

type Surroundings = Pick<Platform, 'clock' | 'paths'>;

/** A run that was cut off and may go on. */
export interface Resumable {
  readonly run: RunRow;
  readonly recipe: ParsedRecipe;
  readonly point: ResumePoint;
}

/**
 * What a station does first after a start, however it stopped. `decideResume` says whether there is a slot for a run that its
 * recipe allows to be taken up: a start that runs no units leaves such a run as it is; `recipeOf` gives its recipe, `null` when that cannot be read any more, and may fault with
 * `recipe-changed`: then the run ends and says that.
 */
export function recover(
  database: WritableDatabase,
  ledger: Ledger,
  surroundings: Surroundings,
  decideResume: (run: RunRow) => ResumeDecision = () => 'never',
  recipeOf: (run: RunRow) => ParsedRecipe | null = () => null,
): Recovery {
  const inDoubt = ledger.recover();
  const interruptedRuns: string[] = [];
  const resumable: Resumable[] = [];
  for (const run of database.runs.listUnfinished()) {
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
    endInterrupted(database, surroundings, run, changed);
    interruptedRuns.push(run.runId);
  }
  return { inDoubt, interruptedRuns, resumable };
}

/** Ends a run that was cut off and cannot go on, with everything measured so far. */
export function endInterrupted(
  database: WritableDatabase,
  { clock, paths }: Surroundings,
  run: RunRow,
  because: Fault | null = null,
): void {
  const failure = {
    ...interruptedFailure(database, run.runId, paths.dataDir),
    ...(because === null ? {} : because.toView()),
  };
  finishRun(database, run.runId, Math.max(clock.nowMs(), run.startedAt), 'ERROR', failure);
}
