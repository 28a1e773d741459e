import type { z } from 'zod';
import { nearest } from './nearest.ts';
import { isObject, valueAt } from './schema-tree.ts';

type Raw = Readonly<Record<string, unknown>>;

/** A round may find mistakes that the one before has hidden. */
const MAX_ROUNDS = 8;

/**
 * Reads an object with mistakes: leaves out unknown keys, corrects misspelled values, and leaves out keys of `optional` with
 * any other mistake. `null` when that is not enough.
 *
 * @param optional keys at any depth without which the rest can still be checked
 */
export function readLeniently<T>(schema: z.ZodType<T>, raw: Raw, optional: readonly string[]): T | null {
  let value = raw;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    const copy = JSON.parse(JSON.stringify(value)) as Raw;
    for (const issue of read.error.issues) if (!removeIssue(copy, issue, optional)) return null;
    value = copy;
  }
  return null;
}

/** False for an issue that cannot be removed. */
function removeIssue(root: Raw, issue: z.core.$ZodIssue, optional: readonly string[]): boolean {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) put(root, [...path, key], undefined);
    return true;
  }
  const value = valueAt(root, path);
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const meant = nearest(value, issue.values.map(String));
    if (meant !== null) return put(root, path, meant);
  }
  const last = path.findLastIndex(
    (part, at) => optional.includes(String(part)) && valueAt(root, path.slice(0, at + 1)) !== undefined,
  );
  return last >= 0 && put(root, path.slice(0, last + 1), undefined);
}

/** Sets a key, or removes it. Its parent may have been removed before. */
function put(root: Raw, path: readonly (string | number)[], value: unknown): true {
  const parent = valueAt(root, path.slice(0, -1));
  const key = path.at(-1);
  if ((!isObject(parent) && !Array.isArray(parent)) || key === undefined) return true;
  if (value === undefined) Reflect.deleteProperty(parent, key);
  else Reflect.set(parent, key, value);
  return true;
}
