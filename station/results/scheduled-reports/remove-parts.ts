import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TEMPORARY_ENDING } from '#node-kit/files/index.ts';
import { manifestFileOf } from '../reports/index.ts';

/** Removes what a killed station has left of a report that it was writing, from the folder of the report. A failure is no reason not to write. */
export async function removeParts(folder: string, name: string): Promise<void> {
  const starts = [name, manifestFileOf(name)].map((one) => `${one}.`);
  const isPart = (file: string): boolean =>
    file.endsWith(TEMPORARY_ENDING) && starts.some((start) => file.startsWith(start));
  const files = await readdir(folder).catch(() => []);
  for (const file of files.filter(isPart))
    await rm(join(folder, file), { force: true }).catch(() => undefined);
}
