import { MAX_SAVED_FILTERS, RUN_COLUMNS, type RunFilter, type SavedFilter } from '#shared/contract/index.ts';
import { runFilter } from '#shared/contract/run-filter.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { ReadableDatabase, SavedFilterRow } from '../../core/database/index.ts';

/** Reads saved filters. A condition that this version does not know is left out with its filter. */
export function listSavedFilters({ savedFilters }: ReadableDatabase): SavedFilter[] {
  return savedFilters.list().flatMap((row) => {
    const filter = toFilter(row);
    return filter === null ? [] : [filter];
  });
}

/** Faults: `bad-input` when there are too many. */
export function requireRoomFor({ savedFilters }: ReadableDatabase, name: string): void {
  const saved = savedFilters.list();
  if (saved.length < MAX_SAVED_FILTERS || saved.some((row) => row.name === name)) return;
  throw new Fault('bad-input', `there are ${MAX_SAVED_FILTERS} saved filters already`, {
    hint: 'Remove one first.',
  });
}

function toFilter({ filterId, name, by, savedAtMs, filter, columns }: SavedFilterRow): SavedFilter | null {
  const parsed = runFilter.safeParse(JSON.parse(filter));
  if (!parsed.success) return null;
  const wanted = JSON.parse(columns) as readonly string[];
  return {
    filterId,
    name,
    by,
    savedAtMs,
    filter: parsed.data satisfies RunFilter,
    columns: RUN_COLUMNS.filter((column) => wanted.includes(column)).sort(
      (a, b) => wanted.indexOf(a) - wanted.indexOf(b),
    ),
  };
}
