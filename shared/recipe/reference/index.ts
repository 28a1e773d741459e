/** Documentation of every part of a recipe: for the JSON Schema that editors show, and for docs/recipes.md. */
import { findVerb, VERBS } from '../verbs/index.ts';
import type { KeyDoc } from './key-doc.ts';
import { RECIPE_KEYS } from './keys.ts';

export type { KeyDoc } from './key-doc.ts';

/** The documentation of a key, and its entry in the tables. */
export interface FoundDoc {
  readonly doc: KeyDoc;
  readonly entry: string;
}

/**
 * The documentation of a key; `null` when it has none.
 *
 * @param verb of the step that the key is in; `null` outside of steps
 * @param path keys on the way to it: from the recipe, or from the step
 */
export function docOf(verb: string | null, path: readonly string[]): FoundDoc | null {
  const verbKeys = verb === null ? undefined : findVerb(verb)?.doc.keys;
  const full = path.join('.');
  const doc = verbKeys !== undefined && Object.hasOwn(verbKeys, full) ? verbKeys[full] : undefined;
  if (doc !== undefined) return { doc, entry: `${verb ?? ''} ${full}` };
  const whole = [verb === null ? 'recipe' : 'step', ...path];
  for (let from = 0; from < whole.length; from++) {
    const entry = whole.slice(from).join('.');
    const found = Object.hasOwn(RECIPE_KEYS, entry) ? RECIPE_KEYS[entry] : undefined;
    if (found !== undefined) return { doc: found, entry };
  }
  return null;
}

/** Every entry of the tables, for a test that each belongs to a key. */
export function allDocEntries(): string[] {
  const ofVerbs = Object.entries(VERBS).flatMap(([verb, { doc }]) =>
    Object.keys(doc.keys ?? {}).map((entry) => `${verb} ${entry}`),
  );
  return [...Object.keys(RECIPE_KEYS), ...ofVerbs];
}
