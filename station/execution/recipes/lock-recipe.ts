import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { hasErrno } from '#node-kit/files/index.ts';
import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { formatLimits } from '#shared/domain/limits.ts';
import { recipeLimits, type Step, stepName } from '#shared/recipe/index.ts';
import type { ParsedRecipe } from './parse-recipe.ts';

/**
 * The lock of a recipe: its hash, and enough of its content to name later changes. It is the file `NAME.yaml.lock` beside
 * the recipe.
 */
const lockFile = z.strictObject({
  gongwei: z.literal('lock/1'),
  recipe: z.string(),
  version: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  firmware: z.string().nullable(),
  /** SHA-256 of each file, by its name. */
  files: z.record(z.string(), z.string()),
  /** SHA-256 of each step, by `phase/step`. */
  steps: z.record(z.string(), z.string()),
  /** Limits of each measurement as text, by `phase/step/measurement`. */
  limits: z.record(z.string(), z.string()),
});
export type RecipeLock = z.infer<typeof lockFile>;

export function lockPath(recipePath: string): string {
  return `${recipePath}.lock`;
}

/** The lock of a recipe as it is now. */
export function makeLock(parsed: ParsedRecipe): RecipeLock {
  const { recipe, hash, files } = parsed;
  const steps: Record<string, string> = {};
  const limitsOf: Record<string, string> = {};
  for (const phase of recipe.phases) {
    for (const step of phase.steps) {
      const key = `${phase.name}/${stepName(step)}`;
      steps[key] = sha256Hex(JSON.stringify(step));
      for (const [name, text] of limitsIn(step)) limitsOf[`${key}/${name}`] = text;
    }
  }
  return {
    gongwei: 'lock/1',
    recipe: recipe.name,
    version: recipe.version,
    sha256: hash,
    firmware: recipe.firmware?.sha256 ?? null,
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, sha256Hex(bytes)])),
    steps,
    limits: limitsOf,
  };
}

/** Writes the lock beside the recipe. Returns the lock and its path. Faults: `file-denied`. */
export async function lockRecipe(
  recipePath: string,
  parsed: ParsedRecipe,
): Promise<{ readonly lock: RecipeLock; readonly path: string }> {
  const lock = makeLock(parsed);
  const path = lockPath(recipePath);
  try {
    await writeFile(path, `${JSON.stringify(lock, null, 2)}\n`);
  } catch (cause) {
    throw new Fault('file-denied', `${path} cannot be written`, {
      hint: 'Check the permissions of the folder.',
      cause,
    });
  }
  return { lock, path };
}

/**
 * Compares a recipe with its lock. Resolves with false when it has no lock. Faults: `recipe-changed` that names the changes,
 * `bad-input` for a lock that cannot be read.
 */
export async function requireLocked(recipePath: string, parsed: ParsedRecipe): Promise<boolean> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(lockPath(recipePath));
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return false;
    throw error;
  }
  const lock = readLock(bytes, lockPath(recipePath));
  const changes = changesSince(lock, parsed);
  if (changes.length === 0) return true;
  throw new Fault('recipe-changed', `${recipePath} is not as it was locked: ${changes.join('; ')}`, {
    hint: 'Undo the change, or look at it and lock the recipe again with "recipe lock".',
    details: { locked: lock.sha256.slice(0, 12), now: parsed.hash.slice(0, 12) },
  });
}

/** The changes since a recipe was locked, as sentences; empty when there are none. */
export function changesSince(lock: RecipeLock, parsed: ParsedRecipe): string[] {
  if (lock.sha256 === parsed.hash) return [];
  const now = makeLock(parsed);
  const changes = [
    ...(lock.version === now.version ? [] : [`version ${lock.version} is ${now.version} now`]),
    ...differences(
      lock.limits,
      now.limits,
      (key, was, is) => `limits of ${key} were ${was || 'none'} and are ${is || 'none'}`,
    ),
    ...differences(lock.files, now.files, (key) => `file ${key} was changed`),
    ...(lock.firmware === now.firmware ? [] : ['its firmware was changed']),
  ];
  const limited = new Set(
    [...Object.keys(lock.limits), ...Object.keys(now.limits)]
      .filter((key) => lock.limits[key] !== now.limits[key])
      .map((key) => key.split('/').slice(0, 2).join('/')),
  );
  const steps = differences(lock.steps, now.steps, (key) => `step ${key} was changed`).filter(
    (text) => ![...limited].some((key) => text === `step ${key} was changed`),
  );
  const all = [...changes, ...steps];
  return all.length === 0 ? ['its text was changed, though not in steps, limits or files'] : all;
}

function differences(
  was: Readonly<Record<string, string>>,
  is: Readonly<Record<string, string>>,
  changed: (key: string, was: string, is: string) => string,
): string[] {
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => was[key] !== is[key]);
  return keys.map((key) => {
    const before = was[key];
    const now = is[key];
    if (before === undefined) return `${key} is new`;
    return now === undefined ? `${key} is gone` : changed(key, before, now);
  });
}

/** All limits of a step, each with the name of its measurement, or of the step. */
function limitsIn(step: Step): [string, string][] {
  const limitTexts: [string, string][] = [];
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { name, unit } = value as { readonly name?: unknown; readonly unit?: unknown };
    for (const [key, item] of Object.entries(value)) {
      const read = key === 'limits' || key === 'rssi' ? recipeLimits.safeParse(item) : null;
      if (read?.success !== true) look(item);
      else {
        const what = key === 'rssi' ? 'rssi' : typeof name === 'string' ? name : stepName(step);
        limitTexts.push([what, formatLimits(read.data, typeof unit === 'string' ? unit : undefined)]);
      }
    }
  };
  look(step);
  return limitTexts;
}

/** `null` for a text that is no lock. */
export function parseLock(text: string): RecipeLock | null {
  try {
    return lockFile.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function readLock(bytes: Uint8Array, path: string): RecipeLock {
  const lock = parseLock(requireUtf8Text(bytes, path));
  if (lock !== null) return lock;
  throw new Fault('bad-input', `${path} is not a lock of a recipe`, {
    hint: 'Look at the recipe and lock it again with "recipe lock".',
  });
}
