import type { Db } from './database.ts';

/** A draft of a recipe, without its files. */
export interface RecipeDraftRow {
  readonly draftId: string;
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly baseHash: string | null;
  readonly revision: number;
  /** Mistakes when it was saved. */
  readonly issues: number;
  readonly createdBy: string;
  readonly savedBy: string;
  readonly savedAtMs: number;
}

const SELECT = `SELECT draft_id AS draftId, name, version, source, base_hash AS baseHash, revision, issues,
  created_by AS createdBy, saved_by AS savedBy, saved_at AS savedAtMs FROM recipe_draft`;

/** Drafts of recipes with their files. */
export function createRecipeDraftRepository(db: Db) {
  const put = db.prepare<[RecipeDraftRow]>(`
    INSERT INTO recipe_draft (draft_id, name, version, source, base_hash, revision, issues, created_by, saved_by, saved_at)
    VALUES (:draftId, :name, :version, :source, :baseHash, :revision, :issues, :createdBy, :savedBy, :savedAtMs)
    ON CONFLICT (draft_id) DO UPDATE SET name = excluded.name, version = excluded.version, source = excluded.source,
      revision = excluded.revision, issues = excluded.issues, saved_by = excluded.saved_by, saved_at = excluded.saved_at`);
  const all = db.prepare<[], RecipeDraftRow>(`${SELECT} ORDER BY saved_at DESC, draft_id`);
  const byId = db.prepare<[string], RecipeDraftRow>(`${SELECT} WHERE draft_id = ?`);
  const files = db.prepare<[string], { name: string; content: Buffer }>(
    'SELECT name, content FROM recipe_draft_file WHERE draft_id = ? ORDER BY name',
  );
  const putFile = db.prepare(`INSERT INTO recipe_draft_file (draft_id, name, content) VALUES (?, ?, ?)
    ON CONFLICT (draft_id, name) DO UPDATE SET content = excluded.content`);
  const removeFile = db.prepare('DELETE FROM recipe_draft_file WHERE draft_id = ? AND name = ?');
  const removeFiles = db.prepare('DELETE FROM recipe_draft_file WHERE draft_id = ?');
  const remove = db.prepare('DELETE FROM recipe_draft WHERE draft_id = ?');
  return {
    /** Adds a draft, or changes it. */
    put: (row: RecipeDraftRow): void => void put.run(row),
    /** Newest first. */
    list: () => all.all(),
    findById: (draftId: string) => byId.get(draftId) ?? null,
    getFiles: (draftId: string): ReadonlyMap<string, Uint8Array> =>
      new Map(files.all(draftId).map(({ name, content }) => [name, content])),
    putFile: (draftId: string, name: string, content: Uint8Array): void =>
      void putFile.run(draftId, name, content),
    removeFile: (draftId: string, name: string): void => void removeFile.run(draftId, name),
    remove(draftId: string): void {
      removeFiles.run(draftId);
      remove.run(draftId);
    },
  };
}
