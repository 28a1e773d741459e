/** What every part of a recipe means, in words: for the JSON Schema that editors show, and for docs/recipes.md. */
import { type KeyWords, RECIPE_KEYS } from './keys.ts';
import { VERBS } from './verbs.ts';

export type { KeyWords } from './keys.ts';
export { VERBS, type VerbWords } from './verbs.ts';

/**
 * The words of a key, and the entry of the tables that they are from; `null` when there are none.
 *
 * @param verb of the step that the key is in; `null` outside of steps
 * @param path keys on the way to it: from the recipe, or from the step
 */
export function wordsOf(
  verb: string | null,
  path: readonly string[],
): { readonly words: KeyWords; readonly entry: string } | null {
  const own =
    verb === null
      ? undefined
      : (VERBS as Readonly<Record<string, { keys?: Record<string, KeyWords> }>>)[verb];
  const full = path.join('.');
  const words = own?.keys !== undefined && Object.hasOwn(own.keys, full) ? own.keys[full] : undefined;
  if (words !== undefined) return { words, entry: `${verb ?? ''} ${full}` };
  const whole = [verb === null ? 'recipe' : 'step', ...path];
  for (let from = 0; from < whole.length; from++) {
    const entry = whole.slice(from).join('.');
    const found = Object.hasOwn(RECIPE_KEYS, entry) ? RECIPE_KEYS[entry] : undefined;
    if (found !== undefined) return { words: found, entry };
  }
  return null;
}

/** Every entry of the tables, so that none stays behind when its key is gone. */
export function allEntries(): string[] {
  const ofVerbs = Object.entries(VERBS).flatMap(([verb, { keys }]) =>
    Object.keys(keys ?? {}).map((entry) => `${verb} ${entry}`),
  );
  return [...Object.keys(RECIPE_KEYS), ...ofVerbs];
}
