import { Fault } from '#shared/domain/fault.ts';
import { changesSince, parseLock, type ParsedRecipe, parseRecipe, recipeHash } from '../recipes/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';

type StoredRecipes = Pick<
  ReadableDatabase['batches'],
  'getRecipeSource' | 'getRecipeFiles' | 'getRecipeParts'
>;
type StoredFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Reads a recipe from the database, where whoever has the file can edit it: text and files are hashed again, and must be
 * what the batch, and its lock, were made with. `where` names it in messages. Faults: `recipe-changed` saying what was
 * changed, `recipe-invalid` for one that this Gongwei cannot run.
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
    hint: 'Make a new batch from the recipe as it should be; tell support that somebody edited the database.',
    details: { locked: was.slice(0, 12), now: now.slice(0, 12) },
  });
}

/** In words, as far as it is known what the recipe was made of. */
function changesIn(
  stored: StoredRecipes,
  { hash, source, files }: { readonly hash: string; readonly source: string; readonly files: StoredFiles },
): string {
  if (source === '') return 'its text is gone';
  const parts = parseLock(stored.getRecipeParts(hash) ?? '');
  if (parts === null || parts.sha256 !== hash) {
    return files.size === 0 ? 'its text' : `its text, or one of ${[...files.keys()].join(', ')}`;
  }
  const strays = [...files.keys()].filter((name) => !(name in parts.files)).map((name) => `${name} is new`);
  const gone = Object.keys(parts.files).filter((name) => !files.has(name));
  if (gone.length > 0) return gone.map((name) => `file ${name} is gone`).join('; ');
  try {
    const changes = changesSince(parts, parseRecipe(source, 'recipe', files, { acceptedBefore: true }));
    return [...strays, ...changes].join('; ') || 'its files';
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return `its text is no recipe any more (${error.message})`;
  }
}
