import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const EXTENSION = '.yaml';

/** The templates that ship with this program: their texts, by name, in the order of the names. */
export async function readShippedTemplates(dir: string | undefined): Promise<ReadonlyMap<string, string>> {
  if (dir === undefined) return new Map();
  const files = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith(EXTENSION)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8')));
  return new Map(files.map((file, index) => [file.slice(0, -EXTENSION.length), texts[index] ?? '']));
}
