import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { delay } from '../platform/index.ts';

const LOOK_EVERY_MS = 250;

/**
 * Calls `onPicture` for each file `N.png` of a folder that is new or was written again, with N as the number of the unit, until the
 * signal fires. A file counts when its size has stayed for one look, so that it is whole. Errors: those of `onPicture`; none of the
 * folder, which may come later.
 */
export async function watchPictures(
  folder: string,
  onPicture: (unit: number, file: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const seen = new Map<string, string>();
  const shown = new Map<string, string>();
  while (!signal.aborted) {
    for (const name of await readdir(folder).catch(() => [])) {
      const unit = /^([1-9]\d{0,3})\.png$/.exec(name)?.[1];
      if (unit === undefined) continue;
      const file = join(folder, name);
      const stats = await stat(file).catch(() => null);
      const state = stats === null ? '' : `${stats.size} ${stats.mtimeMs}`;
      const isWhole = state !== '' && seen.get(name) === state;
      seen.set(name, state);
      if (!isWhole || shown.get(name) === state) continue;
      shown.set(name, state);
      await onPicture(Number(unit), file);
    }
    await delay(LOOK_EVERY_MS, signal).catch(() => undefined);
  }
}
