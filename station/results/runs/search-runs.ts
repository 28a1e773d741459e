import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FoundRun, RunPage } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import {
  requireRun,
  type FixedRunFilter,
  type ReadableDatabase,
  type RunSearch,
  type RunSearchRow,
} from '../../core/database/index.ts';
import { toSummary } from './run-summary.ts';

/** Rows that are looked through in one turn of the event loop: some ten milliseconds at worst. */
const ROWS_PER_TURN = 200_000;

export interface RunPageRequest {
  readonly filter: FixedRunFilter;
  readonly direction: 'older' | 'newer';
  /** `older` or `newer` of a page before; `null` for the newest runs. */
  readonly cursor: string | null;
  /** Without a cursor: only runs up to the last one that was started before this time. */
  readonly atMs?: number | undefined;
  readonly limit: number;
}

/** A page of the runs that match a filter, newest first. Faults: `bad-input` for a cursor that is none; the signal's reason. */
export async function searchRuns(
  database: ReadableDatabase,
  { filter, direction, cursor, atMs, limit }: RunPageRequest,
  signal: AbortSignal,
): Promise<RunPage> {
  const row = cursor === null ? rowAfter(database, atMs) : rowOfCursor(cursor);
  const isNewer = direction === 'newer' && row !== null;
  const search = {
    filter,
    limit: limit + 1,
    ...(row === null ? {} : isNewer ? { after: row, end: 'oldest' as const } : { before: row }),
  };
  const found = await findInTurns(database, search, signal);
  const more = found.length > limit;
  // The one beyond the page is the oldest, or the newest when the page was read upwards.
  const page = more ? (isNewer ? found.slice(1) : found.slice(0, limit)) : found;
  const [newest, oldest] = [page[0]?.row, page.at(-1)?.row];
  const has = async (bounds: Pick<RunSearch, 'after' | 'before' | 'end'>): Promise<boolean> =>
    (await findInTurns(database, { filter, ...bounds, limit: 1 }, signal)).length > 0;
  // A page before the first run is empty, and all runs are newer.
  const newestOrBefore = newest ?? (row === null ? undefined : row - 1);
  const hasNewer = isNewer
    ? more
    : newestOrBefore !== undefined && row !== null && (await has({ after: newestOrBefore, end: 'oldest' }));
  const hasOlder = isNewer ? oldest !== undefined && (await has({ before: oldest })) : more;
  return {
    runs: toFoundRuns(database, page),
    older: hasOlder && oldest !== undefined ? String(oldest) : null,
    newer: hasNewer && newestOrBefore !== undefined ? String(newestOrBefore) : null,
  };
}

/** At most `max` matching runs, and whether there are more. Faults: the signal's reason. */
export async function countRuns(
  database: ReadableDatabase,
  filter: FixedRunFilter,
  max: number,
  signal: AbortSignal,
): Promise<{ readonly runs: number; readonly more: boolean }> {
  let found = 0;
  for (const { after, before } of turnsOf(database, {})) {
    found += database.runSearch.count({ filter, after, before, limit: max + 1 - found });
    if (found > max) break;
    await nextTurn();
    throwIfAborted(signal);
  }
  return { runs: Math.min(found, max), more: found > max };
}

/** The matching runs before and after a run. Faults: `not-found`; the signal's reason. */
export async function findNeighbours(
  database: ReadableDatabase,
  runId: string,
  filter: FixedRunFilter,
  signal: AbortSignal,
): Promise<{ readonly older: string | null; readonly newer: string | null }> {
  requireRun(database, runId);
  const row = database.runSearch.findRow(runId) ?? 0;
  const [older] = await findInTurns(database, { filter, before: row, limit: 1 }, signal);
  const [newer] = await findInTurns(database, { filter, after: row, end: 'oldest', limit: 1 }, signal);
  return { older: older?.runId ?? null, newer: newer?.runId ?? null };
}

/** As `runSearch.find`, and yields to the event loop in between. */
async function findInTurns(
  database: ReadableDatabase,
  { limit, ...search }: RunSearch,
  signal: AbortSignal,
): Promise<RunSearchRow[]> {
  const found: RunSearchRow[] = [];
  const isOldest = search.end === 'oldest';
  for (const range of turnsOf(database, search)) {
    const rows = database.runSearch.find({ ...search, ...range, limit: limit - found.length });
    if (isOldest) found.unshift(...rows);
    else found.push(...rows);
    if (found.length >= limit) break;
    await nextTurn();
    throwIfAborted(signal);
  }
  return found;
}

/** The rows of a search in parts, beginning at its end. A cursor beyond the newest row, which a page may send, is that of all rows. */
function* turnsOf(
  { runSearch }: ReadableDatabase,
  { after = 0, before = Infinity, end }: Pick<RunSearch, 'after' | 'before' | 'end'>,
): Generator<{ readonly after: number; readonly before: number }> {
  const high = Math.min(before, runSearch.getLastRow() + 1);
  if (end === 'oldest') {
    for (let low = after; low + 1 < high; low += ROWS_PER_TURN)
      yield { after: low, before: Math.min(high, low + ROWS_PER_TURN + 1) };
    return;
  }
  for (let top = high; top > after + 1; top -= ROWS_PER_TURN)
    yield { after: Math.max(after, top - ROWS_PER_TURN - 1), before: top };
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

function rowAfter({ runSearch }: ReadableDatabase, atMs: number | undefined): number | null {
  return atMs === undefined ? null : runSearch.findLastBefore(atMs) + 1;
}

function rowOfCursor(cursor: string): number {
  const row = /^\d{1,15}$/.test(cursor) ? Number(cursor) : NaN;
  if (Number.isSafeInteger(row)) return row;
  throw new Fault('bad-input', 'this is no cursor of a list of runs', {
    hint: 'Search again without it.',
  });
}
