import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The ending of an incomplete file. */
export const TEMPORARY_ENDING = '.part';

/** A writer that is at work has changed its file since. */
const LEFT_MS = 86_400_000;
const RANDOM_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * Removes temporary files of `writeFileAtomic` that killed writers of `path` left more than a day ago. Errors are ignored: the next
 * writer tries again.
 *
 * @param ownFile a temporary file that was just written in the same directory: its time is by the clock of that disk
 */
export async function removeLeftovers(path: string, ownFile: string): Promise<void> {
  const [dir, prefix] = [dirname(path), `${basename(path)}.`];
  try {
    const { mtimeMs: nowMs } = await stat(ownFile);
    for (const name of await readdir(dir)) {
      if (!name.startsWith(prefix) || !name.endsWith(TEMPORARY_ENDING)) continue;
      if (!RANDOM_ID.test(name.slice(prefix.length, -TEMPORARY_ENDING.length))) continue;
      const file = join(dir, name);
      if (nowMs - (await stat(file)).mtimeMs > LEFT_MS) await rm(file, { force: true });
    }
  } catch {
    // It is only a matter of space.
  }
}
