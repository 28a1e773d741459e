import type { z } from 'zod';
import { nearest } from './nearest.ts';
import { isObject, valueAt } from './schema-tree.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Each round may find what the one before has hidden. */
const MOST_ROUNDS = 8;

/**
 * What can be read of an object that has mistakes in it: unknown keys are left out, misspelled words are what they are
 * probably meant to be, and a key of `apart` with any other mistake is left out. `null` when that is not enough.
 *
 * @param apart keys, wherever they stand, without which the rest can be judged all the same
 */
export function readLeniently<T>(schema: z.ZodType<T>, raw: Raw, apart: readonly string[]): T | null {
  let value = raw;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    const copy = JSON.parse(JSON.stringify(value)) as Raw;
    for (const issue of read.error.issues) if (!mend(copy, issue, apart)) return null;
    value = copy;
  }
  return null;
}

/** False for what cannot be mended. */
function mend(root: Raw, issue: z.core.$ZodIssue, apart: readonly string[]): boolean {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) put(root, [...path, key], undefined);
    return true;
  }
  const said = valueAt(root, path);
  if (issue.code === 'invalid_value' && typeof said === 'string') {
    const meant = nearest(said, issue.values.map(String));
    if (meant !== null) return put(root, path, meant);
  }
  const last = path.findLastIndex(
    (part, at) => apart.includes(String(part)) && valueAt(root, path.slice(0, at + 1)) !== undefined,
  );
  return last >= 0 && put(root, path.slice(0, last + 1), undefined);
}

/** Sets a key, or takes it out. What stands above it may be gone already. */
function put(root: Raw, path: readonly (string | number)[], value: unknown): true {
  const parent = valueAt(root, path.slice(0, -1));
  const key = path.at(-1);
  if ((!isObject(parent) && !Array.isArray(parent)) || key === undefined) return true;
  if (value === undefined) Reflect.deleteProperty(parent, key);
  else Reflect.set(parent, key, value);
  return true;
}
