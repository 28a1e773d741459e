import { sha256Hex } from '#node-kit/crypto/index.ts';
import type { Recipe } from '#shared/recipe/index.ts';

/** Recipes that are cached. Their files are not: they may be large. */
const MAX_CACHED = 32;

/** A valid recipe, with what its text and its files determine. */
export interface CachedRecipe {
  readonly recipe: Recipe;
  /** Names of the files that are part of it. */
  readonly fileNames: readonly string[];
  readonly hash: string;
}

/** By text, files and options, on which nothing else has influence; the most recently used one last. */
const cachedByKey = new Map<string, CachedRecipe>();

/**
 * What `read` gave for this text before, or gives now. A batch, each start of a station and each replay read the same text,
 * and a large recipe takes a tenth of a second. The result is frozen, because all of them share it. Faults: those of `read`, which are not cached.
 *
 * @param ofFiles hash of text and files
 */
export function cachedRecipe(
  source: string,
  ofFiles: string,
  options: string,
  read: () => CachedRecipe,
): CachedRecipe {
  // The hash of text and files is the same for other line ends.
  const key = [sha256Hex(source), ofFiles, options].join(' ');
  const cached = cachedByKey.get(key) ?? freezeDeeply(read());
  cachedByKey.delete(key);
  cachedByKey.set(key, cached);
  for (const [oldest] of cachedByKey) if (cachedByKey.size > MAX_CACHED) cachedByKey.delete(oldest);
  return cached;
}

/** Freezes a value of objects and lists with all that is in it. */
function freezeDeeply<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) freezeDeeply(part);
  return value;
}
