import { Fault } from '#shared/domain/fault.ts';
import { changesSince, parseLock, type ParsedRecipe, parseRecipe, recipeHash } from '../recipes/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';

type StoredRecipes = Pick<
  ReadableDatabase['batches'],
  'getRecipeSource' | 'getRecipeFiles' | 'getRecipeParts'
>;
type StoredFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Reads a recipe from the database. The database file can be edited, so text and files are hashed again and must be those
 * that the batch was made with. Faults: `recipe-changed` that names the changes, `recipe-invalid` for a recipe that this
 * version cannot run.
 *
 * @param where name of the recipe, for messages
 */
export function readStoredRecipe(stored: StoredRecipes, hash: string, where: string): ParsedRecipe {
  const source = stored.getRecipeSource(hash);
  const files = stored.getRecipeFiles(hash);
  const now = recipeHash(source, files);
  if (now === hash) return parseRecipe(source, where, files, { acceptedBefore: true });
  throw changedRecipe(where, changesIn(stored, { hash, source, files }), { was: hash, now });
}

export function changedRecipe(
  where: string,
  changes: string,
  { was, now }: { readonly was: string; readonly now: string },
): Fault {
  return new Fault('recipe-changed', `${where} was changed in the database since it was made: ${changes}`, {
    hint: 'Make a new batch from the right recipe, and tell support that the database was edited.',
    details: { locked: was.slice(0, 12), now: now.slice(0, 12) },
  });
}

/** The changes as a sentence, as far as the parts of the recipe are known. */
function changesIn(
  stored: StoredRecipes,
  { hash, source, files }: { readonly hash: string; readonly source: string; readonly files: StoredFiles },
): string {
  if (source === '') return 'its text is gone';
  const parts = parseLock(stored.getRecipeParts(hash) ?? '');
  if (parts === null || parts.sha256 !== hash) {
    return files.size === 0 ? 'its text' : `its text, or one of ${[...files.keys()].join(', ')}`;
  }
  const added = [...files.keys()].filter((name) => !(name in parts.files)).map((name) => `${name} is new`);
  const missing = Object.keys(parts.files).filter((name) => !files.has(name));
  if (missing.length > 0) return missing.map((name) => `file ${name} is gone`).join('; ');
  try {
    const changes = changesSince(parts, parseRecipe(source, 'recipe', files, { acceptedBefore: true }));
    return [...added, ...changes].join('; ') || 'its files';
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return `its text is not a valid recipe any more (${error.message})`;
  }
}
