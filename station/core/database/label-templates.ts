import type { Db } from './database.ts';

/** A version of a template of labels. */
export interface LabelTemplateRow {
  readonly name: string;
  /** From 1. */
  readonly version: number;
  readonly sha256: string;
  readonly source: string;
  readonly savedBy: string;
  readonly savedAtMs: number;
}

const SELECT = `SELECT name, version, sha256, source, saved_by AS savedBy, saved_at AS savedAtMs FROM label_template`;

/** Templates of labels in their versions, and the numbers of labels. */
export function createLabelTemplateRepository(db: Db) {
  const add = db.prepare<[LabelTemplateRow]>(`
    INSERT INTO label_template (name, version, sha256, source, saved_by, saved_at)
    VALUES (:name, :version, :sha256, :source, :savedBy, :savedAtMs)`);
  const latest = db.prepare<[], LabelTemplateRow>(`${SELECT} AS one
    WHERE version = (SELECT max(version) FROM label_template AS other WHERE other.name = one.name)
      AND NOT EXISTS (SELECT 1 FROM removed_label_template AS gone WHERE gone.name = one.name AND gone.version = one.version)
    ORDER BY name`);
  const remove = db.prepare<[string, number, string, number]>(
    'INSERT INTO removed_label_template (name, version, removed_by, removed_at) VALUES (?, ?, ?, ?)',
  );
  const removed = db.prepare<[string, number]>(
    'SELECT 1 FROM removed_label_template WHERE name = ? AND version = ?',
  );
  const ofName = db.prepare<[string], LabelTemplateRow>(`${SELECT} WHERE name = ? ORDER BY version DESC`);
  const recipes = db.prepare<
    [],
    { hash: string; name: string; version: string; file: string; content: Buffer }
  >(`
    SELECT recipe.hash, recipe.name, recipe.version, recipe_file.name AS file, recipe_file.content
    FROM recipe_file JOIN recipe ON recipe.hash = recipe_file.recipe_hash
    WHERE recipe_file.name LIKE '%.yaml' OR recipe_file.name LIKE '%.yml' OR recipe_file.name LIKE '%.json'
    ORDER BY recipe.added_at DESC, recipe.hash`);
  const numbers = db.prepare<[string], { counter: string; number: number }>(
    'SELECT counter, number FROM label_number WHERE run_id = ? ORDER BY counter',
  );
  const last = db
    .prepare<[string], number | null>('SELECT max(number) FROM label_number WHERE counter = ?')
    .pluck();
  const take = db.prepare('INSERT INTO label_number (counter, number, run_id) VALUES (?, ?, ?)');
  return {
    add: (row: LabelTemplateRow): void => void add.run(row),
    /** The latest version of each template, by name; none that was removed. */
    listLatest: () => latest.all(),
    /** All versions of a template, the latest first. */
    listVersions: (name: string) => ofName.all(name),
    /** From here on `listLatest` does not have it, until a later version is added. */
    remove: (name: string, version: number, by: string, atMs: number): void =>
      void remove.run(name, version, by, atMs),
    isRemoved: (name: string, version: number): boolean => removed.get(name, version) !== undefined,
    /** Files of stored recipes that may be templates, the newest recipe first. */
    listRecipeFiles: () => recipes.all(),
    /** The numbers that a run has, by counter. */
    numbersOf: (runId: string): Readonly<Record<string, number>> =>
      Object.fromEntries(numbers.all(runId).map(({ counter, number }) => [counter, number])),
    /** The number that a counter gives next. */
    nextNumber: (counter: string): number => (last.get(counter) ?? 0) + 1,
    /** Gives a run its number; the caller has looked that it has none. */
    takeNumber: (counter: string, number: number, runId: string): void =>
      void take.run(counter, number, runId),
  };
}
