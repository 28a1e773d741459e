import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces a file so that whoever reads it, at any moment and after any kill or power cut, finds either all of the
 * old or all of the new content: a new file beside it, flushed, renamed over it, and the folder flushed.
 */
export async function writeWhole(path: string, content: string, mode = 0o644): Promise<void> {
  const folder = dirname(path);
  const draft = join(folder, `.${basename(path)}.draft`);
  try {
    const file = await open(draft, 'w', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
