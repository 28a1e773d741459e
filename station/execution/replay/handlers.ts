import type { RecordingCall, ReplayView, SectionHandlers } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { requireRun, type ReadableDatabase } from '../../core/database/index.ts';
import {
  dialogueOf,
  findRecordings,
  provisioningOf,
  readRecording,
  type Recording,
} from '../recording/index.ts';
import { inspectRecipe, type ParsedRecipe, parseRecipe } from '../recipes/index.ts';
import { recordedRecipe, replayRun } from './replay-run.ts';
import { toReplayView } from './replay-view.ts';

export interface RecordingServices {
  readonly database: ReadableDatabase;
  readonly dataDir: string;
}

/** The recordings of runs, as pages show and replay them. */
export function recordingHandlers({
  database,
  dataDir,
}: RecordingServices): Pick<SectionHandlers<'runs'>, RecordingCall> {
  function recordingsOf(runId: string): Recording[] {
    requireRun(database, runId);
    return findRecordings(dataDir, runId).map(readRecording);
  }

  /** One after another, because each takes a processor. */
  async function replayAll(
    runId: string,
    other: ParsedRecipe | null,
    signal: AbortSignal,
  ): Promise<{ replays: ReplayView[] }> {
    const replays: ReplayView[] = [];
    for (const recording of recordingsOf(runId)) {
      const recorded = recordedRecipe(recording);
      const recipe = other ?? recorded;
      throwIfAborted(signal);
      const comparison = await replayRun(recording, { recipe }, signal);
      replays.push(toReplayView(comparison, recorded, recipe));
    }
    return { replays };
  }

  return {
    'runs.dialogue': ({ runId, from, limit }) => {
      const recordings = recordingsOf(runId);
      const entries = recordings
        .flatMap((recording) => dialogueOf(recording))
        .map((entry, index) => ({ ...entry, index }));
      return {
        entries: entries.slice(from, from + limit),
        total: entries.length,
        cutOff: recordings.at(-1)?.cutOff ?? false,
      };
    },
    'runs.provisioning': ({ runId }) => ({
      startedAtMs: requireRun(database, runId).startedAtMs,
      moments: recordingsOf(runId).flatMap((recording) => provisioningOf(recording)),
    }),
    'runs.replay': ({ runId }, { signal }) => replayAll(runId, null, signal),
    'runs.judgeWith': ({ runId, recipe }, { signal }) =>
      replayAll(
        runId,
        'hash' in recipe ? storedRecipe(database, recipe.hash) : writtenRecipe(recipe.yaml),
        signal,
      ),
  };
}

function storedRecipe({ batches }: ReadableDatabase, beginning: string): ParsedRecipe {
  const found = batches.listRecipes().filter(({ hash }) => hash.startsWith(beginning));
  const [recipe] = found;
  if (recipe === undefined || found.length > 1) {
    const problem = recipe === undefined ? 'there is no recipe' : 'there are several recipes';
    throw new Fault('not-found', `${problem} ${beginning.slice(0, 12)} on this station`, {
      hint: 'Choose one of the list.',
    });
  }
  const files = batches.getRecipeFiles(recipe.hash);
  return parseRecipe(batches.getRecipeSource(recipe.hash), recipe.name, files, { acceptedBefore: true });
}

function writtenRecipe(yaml: string): ParsedRecipe {
  const { parsed, issues } = inspectRecipe(yaml.replace(/^\uFEFF+/, ''));
  if (parsed !== null) return parsed;
  const [first] = issues;
  throw new Fault('bad-input', `line ${first?.line ?? 1}: ${first?.message ?? 'this is no recipe'}`, {
    hint: 'Correct the recipe and try again.',
  });
}
