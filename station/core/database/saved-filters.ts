import type { Db } from './database.ts';

export interface SavedFilterRow {
  readonly filterId: string;
  readonly name: string;
  readonly by: string;
  readonly savedAtMs: number;
  /** The filter and the columns as JSON. */
  readonly filter: string;
  readonly columns: string;
}

/** Filters for runs that people of this station saved; a name is used once. */
export function createSavedFilterRepository(db: Db) {
  const all = db.prepare<[], SavedFilterRow>(
    `SELECT filter_id AS filterId, name, saved_by AS by, saved_at AS savedAtMs, filter, columns
     FROM saved_filter ORDER BY name`,
  );
  const put = db.prepare(`
    INSERT INTO saved_filter (filter_id, name, saved_by, saved_at, filter, columns) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET saved_by = excluded.saved_by, saved_at = excluded.saved_at,
      filter = excluded.filter, columns = excluded.columns`);
  const remove = db.prepare('DELETE FROM saved_filter WHERE filter_id = ?');
  return {
    /** By name. */
    list: () => all.all(),
    /** Replaces the filter of the same name, which keeps its id. */
    put: ({ filterId, name, by, savedAtMs, filter, columns }: SavedFilterRow): void =>
      void put.run(filterId, name, by, savedAtMs, filter, columns),
    /** False when there is none. */
    remove: (filterId: string): boolean => remove.run(filterId).changes === 1,
  };
}
