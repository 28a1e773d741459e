import type { FoundRun, RunFilter, RunPage } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { requireRun, type ReadableDatabase, type RunSearchRow } from '../../core/database/index.ts';
import { toSummary } from './run-summary.ts';

export interface RunPageRequest {
  readonly filter: RunFilter;
  readonly direction: 'older' | 'newer';
  /** `older` or `newer` of a page before; `null` for the newest runs. */
  readonly cursor: string | null;
  readonly limit: number;
}

/** A page of the runs that match a filter, newest first. Faults: `bad-input` for a cursor that is none. */
export function searchRuns(
  database: ReadableDatabase,
  { filter, direction, cursor, limit }: RunPageRequest,
): RunPage {
  const row = cursor === null ? undefined : rowOfCursor(cursor);
  const isNewer = direction === 'newer' && row !== undefined;
  const found = database.runSearch.find({
    filter,
    limit: limit + 1,
    ...(row === undefined ? {} : isNewer ? { after: row } : { before: row }),
  });
  const more = found.length > limit;
  // The one beyond the page is the oldest, or the newest when the page was read upwards.
  const page = more ? (isNewer ? found.slice(1) : found.slice(0, limit)) : found;
  const [newest, oldest] = [page[0]?.row, page.at(-1)?.row];
  const hasNewer = isNewer
    ? more
    : newest !== undefined && row !== undefined && hasRun(database, filter, { after: newest });
  const hasOlder = isNewer ? oldest !== undefined && hasRun(database, filter, { before: oldest }) : more;
  return {
    runs: toFoundRuns(database, page),
    older: hasOlder && oldest !== undefined ? String(oldest) : null,
    newer: hasNewer && newest !== undefined ? String(newest) : null,
  };
}

/** At most `max` matching runs, and whether there are more. */
export function countRuns(
  database: ReadableDatabase,
  filter: RunFilter,
  max: number,
): { readonly runs: number; readonly more: boolean } {
  const found = database.runSearch.find({ filter, limit: max + 1 }).length;
  return { runs: Math.min(found, max), more: found > max };
}

/** The matching runs before and after a run. Faults: `not-found`. */
export function findNeighbours(
  database: ReadableDatabase,
  runId: string,
  filter: RunFilter,
): { readonly older: string | null; readonly newer: string | null } {
  requireRun(database, runId);
  const row = database.runSearch.findRow(runId) ?? 0;
  const [older] = database.runSearch.find({ filter, before: row, limit: 1 });
  const [newer] = database.runSearch.find({ filter, after: row, limit: 1 });
  return { older: older?.runId ?? null, newer: newer?.runId ?? null };
}

function hasRun(
  database: ReadableDatabase,
  filter: RunFilter,
  bound: { readonly after: number } | { readonly before: number },
): boolean {
  return database.runSearch.find({ filter, ...bound, limit: 1 }).length > 0;
}

function toFoundRuns(database: ReadableDatabase, rows: readonly RunSearchRow[]): FoundRun[] {
  const names = new Map<string, string>();
  return rows.map((run) => {
    const batchName = names.get(run.batchId) ?? database.batches.findById(run.batchId)?.name ?? run.batchId;
    names.set(run.batchId, batchName);
    return {
      ...toSummary(run),
      batchName,
      recipe: { hash: run.recipeHash, ...database.batches.getRecipeName(run.recipeHash) },
      station: run.station,
      operator: run.operator,
    };
  });
}

function rowOfCursor(cursor: string): number {
  const row = /^\d{1,15}$/.test(cursor) ? Number(cursor) : NaN;
  if (Number.isSafeInteger(row)) return row;
  throw new Fault('bad-input', 'this is no cursor of a list of runs', {
    hint: 'Search again without it.',
  });
}
