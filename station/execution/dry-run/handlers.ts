import type { SectionHandlers } from '#shared/contract/index.ts';
import type { ParsedRecipe } from '../recipes/index.ts';
import type { DryRuns } from './dry-runs.ts';

/** What a dry run needs of the recipes of the station. */
interface RecipesToTry {
  /** Faults: `not-found`, `recipe-changed`, `recipe-invalid`. */
  parsed(hash: string): ParsedRecipe;
}
interface DraftsToTry {
  /** Faults: `not-found`, `recipe-invalid`, `tool-missing`, the signal's reason. */
  parsed(draftId: string, signal: AbortSignal): Promise<ParsedRecipe>;
}

export function dryRunHandlers({
  dryRuns,
  recipes,
  recipeDrafts,
}: {
  readonly dryRuns: DryRuns;
  readonly recipes: RecipesToTry;
  readonly recipeDrafts: DraftsToTry;
}): SectionHandlers<'dryRuns'> {
  return {
    'dryRuns.start': async ({ of, unit }, { by, signal }) => {
      const parsed = 'hash' in of ? recipes.parsed(of.hash) : await recipeDrafts.parsed(of.draftId, signal);
      return { dryRunId: await dryRuns.start(parsed, unit, by) };
    },
    'dryRuns.answer': ({ dryRunId, promptId, answer }) => {
      dryRuns.answer(dryRunId, promptId, answer);
      return {};
    },
    'dryRuns.cancel': ({ dryRunId }) => {
      dryRuns.cancel(dryRunId);
      return {};
    },
    'dryRuns.dialogue': ({ dryRunId }) => ({ dialogue: dryRuns.dialogueOf(dryRunId) }),
  };
}
