import type { RecordingCall, RunFilter, RunOrigin, SectionHandlers } from '#shared/contract/index.ts';
import { isByUnit } from '#shared/contract/run-filter.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../../core/platform/index.ts';
import {
  type FixedRunFilter,
  requireRun,
  type ReadableDatabase,
  type RunRow,
  type WritableDatabase,
} from '../../core/database/index.ts';
import { fixRunFilter } from '../figures/index.ts';
import type { RecipeTitles } from './recipe-titles.ts';
import { listChoices } from './run-choices.ts';
import { toSummary } from './run-summary.ts';
import { listSavedFilters, requireRoomFor } from './saved-filters.ts';
import { countRuns, findNeighbours, searchRuns } from './search-runs.ts';

export interface RunServices {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly recipeTitles: RecipeTitles;
  /** Resolves when it is known which runs belong to one unit. Faults: the signal's reason; `cancelled`. */
  readonly whenFactsReady: (signal: AbortSignal) => Promise<void>;
  /** Whether a recording of the run is on this station. */
  readonly isRecorded: (runId: string) => boolean;
}

export function runHandlers({
  database,
  platform,
  recipeTitles,
  whenFactsReady,
  isRecorded,
}: RunServices): Omit<SectionHandlers<'runs' | 'savedFilters'>, RecordingCall> {
  async function fixed(filter: RunFilter, signal: AbortSignal): Promise<FixedRunFilter> {
    if (isByUnit(filter)) await whenFactsReady(signal);
    return fixRunFilter(database, filter, platform.clock.nowMs());
  }
  return {
    'runs.list': ({ batchId, limit }) => ({ runs: database.runs.listOfBatch(batchId, limit).map(toSummary) }),
    'runs.get': ({ runId }) => {
      const run = requireRun(database, runId);
      const steps = database.runs.listSteps(runId);
      const measurements = database.runs.listMeasurements(runId).map(({ stepSeq, ...measured }) => {
        const { phase = '', step = '', attempt = 1 } = steps.find((s) => s.seq === stepSeq) ?? {};
        return { phase, step, attempt, ...measured };
      });
      const views = steps.map(({ phase, step, attempt, outcome, ms, failure }) => ({
        phase,
        step,
        attempt,
        outcome,
        ms,
        failure: failure === null ? null : { ...failure, details: { ...failure.details } },
      }));
      return {
        run: toSummary(run),
        proof: run.proof,
        origin: originOf(database, run, isRecorded(runId)),
        steps: views,
        measurements,
        recipeTitles: recipeTitles([run.recipeHash]),
      };
    },
    'runs.search': async ({ filter, ...page }, { signal }) =>
      searchRuns(database, { filter: await fixed(filter, signal), ...page }, signal),
    'runs.count': async ({ filter, max }, { signal }) =>
      countRuns(database, await fixed(filter, signal), max, signal),
    'runs.neighbours': async ({ runId, filter }, { signal }) =>
      findNeighbours(database, runId, await fixed(filter, signal), signal),
    'runs.choices': () => listChoices(database, recipeTitles),
    'savedFilters.list': () => ({ filters: listSavedFilters(database) }),
    'savedFilters.save': ({ name, filter, columns }, { by }) => {
      requireRoomFor(database, name);
      const row = {
        filterId: platform.random.id(),
        name,
        by: by.user,
        savedAtMs: platform.clock.nowMs(),
        filter: JSON.stringify(filter),
        columns: JSON.stringify(columns),
      };
      database.transaction(() => database.savedFilters.put(row));
      return { filters: listSavedFilters(database) };
    },
    'savedFilters.remove': ({ filterId }) => {
      if (!database.transaction(() => database.savedFilters.remove(filterId)))
        throw new Fault('not-found', 'this filter was removed already', { hint: 'Reload the list.' });
      return { filters: listSavedFilters(database) };
    },
  };
}

function originOf(database: ReadableDatabase, run: RunRow, recorded: boolean): RunOrigin {
  const { station, operator, portPath, appVersion, firmwareSha256 = null, productId, recipeHash } = run;
  return {
    batchName: database.batches.findById(run.batchId)?.name ?? run.batchId,
    recipe: { hash: recipeHash, ...database.batches.getRecipeName(recipeHash) },
    station,
    operator,
    portPath,
    appVersion,
    firmwareSha256,
    productId,
    recorded,
  };
}
