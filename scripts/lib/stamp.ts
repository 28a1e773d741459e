import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../setup/run-in-place.mjs';

/** SHA-256 over the names and contents of files and folders, relative to the root. Missing ones are skipped. */
export function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesUnder).sort()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(ROOT, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesUnder(path: string): string[] {
  const stat = statSync(join(ROOT, path), { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(join(ROOT, path)).flatMap((name) => filesUnder(`${path}/${name}`));
}

/**
 * Runs `make` unless its result was made from exactly these inputs. The stamp is removed first and written last, so that
 * an interrupted `make` is repeated.
 *
 * @returns whether `make` was run
 */
export async function makeWhenStale(
  stampFile: string,
  inputs: readonly string[],
  make: () => Promise<void>,
): Promise<boolean> {
  const stamp = join(ROOT, stampFile);
  const wanted = hashOf(inputs);
  if (readOrNull(stamp) === wanted) return false;
  rmSync(stamp, { force: true });
  await make();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  return true;
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
