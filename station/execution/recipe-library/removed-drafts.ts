import type { RecipeDraftRow } from '../../core/database/index.ts';
import type { RecipeFiles } from '../recipes/index.ts';

/** Drafts and files that are kept for "undo"; older ones cannot be brought back. */
const MAX_KEPT = 20;

interface KeptDraft {
  readonly row: RecipeDraftRow;
  readonly files: RecipeFiles;
}

/** What was removed since the station started, so that it can be brought back. */
export class RemovedDrafts {
  readonly #drafts = new Map<string, KeptDraft>();
  readonly #files = new Map<string, Uint8Array>();

  keepDraft(row: RecipeDraftRow, files: RecipeFiles): void {
    keep(this.#drafts, row.draftId, { row, files });
  }

  keepFile(draftId: string, name: string, content: Uint8Array): void {
    keep(this.#files, keyOf(draftId, name), content);
  }

  draft(draftId: string): KeptDraft | null {
    return this.#drafts.get(draftId) ?? null;
  }

  file(draftId: string, name: string): Uint8Array | null {
    return this.#files.get(keyOf(draftId, name)) ?? null;
  }
}

function keyOf(draftId: string, name: string): string {
  return `${draftId}/${name}`;
}

function keep<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= MAX_KEPT) return;
    kept.delete(oldest);
  }
}
