import type { StartMode } from '#shared/domain/start-mode.ts';
import type { Db } from './database.ts';

export interface BatchRow {
  readonly batchId: string;
  readonly name: string;
  readonly productId: string;
  readonly quantity: number;
  readonly createdAtMs: number;
  readonly recipeHash: string;
  /** The firmware that its units are to run; `null` when none is named. */
  readonly firmwareSha256: string | null;
  /** Hash that its recipe was locked with; `null` for a trial. */
  readonly lockHash: string | null;
  /** How its units are started; `null`: as the station starts units. */
  readonly startMode: StartMode | null;
  /** When it was closed, after which it takes no runs; `null` while it takes them. */
  readonly closedAtMs: number | null;
  readonly closedBy: string | null;
}

export interface NewRecipe {
  readonly hash: string;
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly files?: ReadonlyMap<string, Uint8Array>;
  /** Hashes of its parts as JSON, so that a later change can be named. */
  readonly parts?: string;
}

const SELECT = `SELECT batch_id AS batchId, name, product_id AS productId, quantity,
  created_at AS createdAtMs, recipe_hash AS recipeHash, firmware_sha256 AS firmwareSha256,
  lock_hash AS lockHash, start_mode AS startMode, closed_at AS closedAtMs, closed_by AS closedBy FROM batch`;

/** Batches, and the recipes that they were made with, verbatim and by hash. */
export function createBatchRepository(db: Db) {
  const addRecipe = db.prepare(
    `INSERT INTO recipe (hash, name, version, source, added_at, added_by) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const add = db.prepare(
    `INSERT INTO batch (batch_id, name, recipe_hash, product_id, quantity, created_at, firmware_sha256, lock_hash,
       start_mode)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const passedUnits = db
    .prepare<[string], number>(
      `SELECT count(DISTINCT unit_id) FROM run JOIN batch USING (batch_id)
       WHERE product_id = ? AND outcome = 'PASS' AND unit_id IS NOT NULL`,
    )
    .pluck();
  const setStart = db.prepare('UPDATE batch SET start_mode = ? WHERE batch_id = ?');
  const close = db.prepare(
    'UPDATE batch SET closed_at = ?, closed_by = ? WHERE batch_id = ? AND closed_at IS NULL',
  );
  const changed = db
    .prepare<[string, number], number>(
      `WITH given AS (SELECT ? AS batch_id, ? AS event_id)
       SELECT EXISTS (SELECT 1 FROM run WHERE outcome IS NULL AND +batch_id = (SELECT batch_id FROM given)) OR EXISTS (
         SELECT 1 FROM given JOIN identity_event e ON e.event_id > given.event_id
         WHERE EXISTS (SELECT 1 FROM run WHERE run.unit_id = e.unit_id AND run.batch_id = given.batch_id))`,
    )
    .pluck();
  const addFile = db.prepare(
    'INSERT INTO recipe_file (recipe_hash, name, content) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const files = db.prepare<[string], { name: string; content: Buffer }>(
    'SELECT name, content FROM recipe_file WHERE recipe_hash = ?',
  );
  const addParts = db.prepare(
    'INSERT INTO recipe_parts (recipe_hash, parts) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const parts = db.prepare<[string], string>('SELECT parts FROM recipe_parts WHERE recipe_hash = ?').pluck();
  const named = db.prepare<[string], { name: string; version: string }>(
    'SELECT name, version FROM recipe WHERE hash = ?',
  );
  const recipes = db.prepare<[], { name: string; version: string; hash: string }>(
    'SELECT name, version, hash FROM recipe ORDER BY added_at, hash',
  );
  const source = db.prepare<[string], string>('SELECT source FROM recipe WHERE hash = ?').pluck();
  const all = db.prepare<[], BatchRow>(`${SELECT} ORDER BY created_at DESC, batch_id DESC`);
  const byId = db.prepare<[string], BatchRow>(`${SELECT} WHERE batch_id = ?`);
  return {
    /** Units of a product that have passed, each once. */
    countPassedUnits: (productId: string): number => passedUnits.get(productId) ?? 0,
    /** @param by `null`: nobody who is known */
    addRecipe(recipe: NewRecipe, at: number, by: string | null = null): void {
      addRecipe.run(recipe.hash, recipe.name, recipe.version, recipe.source, at, by);
      for (const [name, content] of recipe.files ?? []) addFile.run(recipe.hash, name, content);
      if (recipe.parts !== undefined) addParts.run(recipe.hash, recipe.parts);
    },
    getRecipeName: (hash: string): { readonly name: string; readonly version: string } =>
      named.get(hash) ?? { name: hash.slice(0, 12), version: '' },
    /** The text of the recipe. */
    getRecipeSource: (hash: string): string => source.get(hash) ?? '',
    /** The parts given to `addRecipe`; null for a recipe that an older version stored. */
    getRecipeParts: (hash: string): string | null => parts.get(hash) ?? null,
    getRecipeFiles: (hash: string): ReadonlyMap<string, Uint8Array> =>
      new Map(files.all(hash).map(({ name, content }) => [name, content])),
    add: (
      batch: Omit<BatchRow, 'firmwareSha256' | 'lockHash' | 'startMode' | 'closedAtMs' | 'closedBy'> &
        Partial<Pick<BatchRow, 'firmwareSha256' | 'lockHash' | 'startMode'>>,
    ): void =>
      void add.run(
        batch.batchId,
        batch.name,
        batch.recipeHash,
        batch.productId,
        batch.quantity,
        batch.createdAtMs,
        batch.firmwareSha256 ?? null,
        batch.lockHash ?? null,
        batch.startMode ?? null,
      ),
    setStartMode: (batchId: string, mode: StartMode | null): void => void setStart.run(mode, batchId),
    /** True when a run of it has not ended, or an identity of one of its units has changed since an event of the ledger. */
    hasChangedSince: (batchId: string, eventId: number): boolean => changed.get(batchId, eventId) === 1,
    /** False when it is closed already. */
    close: (batchId: string, at: number, by: string): boolean => close.run(at, by, batchId).changes === 1,
    listRecipes: () => recipes.all(),
    list: () => all.all(),
    findById: (batchId: string) => byId.get(batchId) ?? null,
  };
}
