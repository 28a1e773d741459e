import type { Db } from './database.ts';

/** A stored recipe with its lock. */
export interface RecipeVersionRow {
  readonly hash: string;
  readonly name: string;
  readonly version: string;
  readonly addedBy: string | null;
  readonly addedAtMs: number;
  readonly lockedBy: string | null;
  readonly lockedAtMs: number | null;
  readonly releasedBy: string | null;
  readonly releasedAtMs: number | null;
  readonly withdrawnBy: string | null;
  readonly withdrawnAtMs: number | null;
  readonly withdrawnReason: string | null;
  readonly batches: number;
}

const SELECT = `SELECT hash, name, version, added_by AS addedBy, added_at AS addedAtMs, locked_by AS lockedBy,
  locked_at AS lockedAtMs, released_by AS releasedBy, released_at AS releasedAtMs, withdrawn_by AS withdrawnBy,
  withdrawn_at AS withdrawnAtMs, withdrawn_reason AS withdrawnReason,
  (SELECT count(*) FROM batch WHERE batch.recipe_hash = recipe.hash) AS batches
  FROM recipe LEFT JOIN recipe_lock ON recipe_lock.recipe_hash = recipe.hash`;

/** Versions of recipes, and who locked, released and withdrew them. `createBatchRepository` stores and reads their content. */
export function createRecipeVersionRepository(db: Db) {
  const all = db.prepare<[], RecipeVersionRow>(`${SELECT} ORDER BY added_at DESC, hash`);
  const byHash = db.prepare<[string], RecipeVersionRow>(`${SELECT} WHERE hash = ?`);
  const usedBy = db.prepare<[string], { batchId: string; name: string; createdAtMs: number }>(
    `SELECT batch_id AS batchId, name, created_at AS createdAtMs FROM batch WHERE recipe_hash = ?
     ORDER BY created_at DESC, batch_id DESC`,
  );
  const lock = db.prepare('INSERT INTO recipe_lock (recipe_hash, locked_by, locked_at) VALUES (?, ?, ?)');
  const release = db.prepare('UPDATE recipe_lock SET released_by = ?, released_at = ? WHERE recipe_hash = ?');
  const withdraw = db.prepare(
    'UPDATE recipe_lock SET withdrawn_by = ?, withdrawn_at = ?, withdrawn_reason = ? WHERE recipe_hash = ?',
  );
  return {
    /** Newest first. */
    list: () => all.all(),
    findByHash: (hash: string) => byHash.get(hash) ?? null,
    /** Batches that were made from it, newest first. */
    listBatches: (hash: string) => usedBy.all(hash),
    lock: (hash: string, by: string, atMs: number): void => void lock.run(hash, by, atMs),
    release: (hash: string, by: string, atMs: number): void => void release.run(by, atMs, hash),
    withdraw: (hash: string, by: string, atMs: number, reason: string): void =>
      void withdraw.run(by, atMs, reason, hash),
  };
}
