import { writeFileSync } from 'node:fs';
import { asFileFault } from '#node-kit/files/index.ts';
import type { OutgoingFile } from '#shared/contract/station-files.ts';
import { isFileName, type RecipeFiles } from '../recipes/index.ts';
import { writeZip } from './write-zip.ts';

/** Where a file for one download is written. */
export interface RecipeDownloads {
  newPath(name: string): string;
  add(file: OutgoingFile): string;
}

/** Packs a recipe with its files as a zip, which an import reads again. Faults: `disk-full`, `disk-read-only`, `disk-failing`, `file-denied`. */
export function exportRecipe(
  {
    name,
    version,
    source,
    files,
  }: {
    readonly name: string;
    readonly version: string;
    readonly source: string;
    readonly files: RecipeFiles;
  },
  downloads: RecipeDownloads,
): OutgoingFile {
  const plain = (text: string): string => text.replaceAll(/[^\w.-]/g, '-');
  const zipName = `${plain(name)}${version === '' ? '' : `-${plain(version)}`}.zip`;
  const yaml = `${plain(name)}.yaml`;
  const recipe = [isFileName(yaml) ? yaml : 'recipe.yaml', Buffer.from(source)] as const;
  let path = zipName;
  try {
    path = downloads.newPath(zipName);
    writeFileSync(path, writeZip([recipe, ...files]), { mode: 0o600 });
  } catch (error) {
    throw asFileFault(error, path, 'written');
  }
  return { path, name: zipName, type: 'application/zip' };
}
