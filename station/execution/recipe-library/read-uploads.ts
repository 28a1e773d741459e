import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { asFileFault } from '#node-kit/files/index.ts';
import { requireUtf8Text, withoutBom } from '#shared/codec/text-file.ts';
import { type Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { CodedText } from '#shared/words/index.ts';
import { fileNamesIn, isFileName, MAX_FILE_BYTES, rawNamesIn, type RecipeFiles } from '../recipes/index.ts';
import { filesRefused, importText, requireOtherCase } from './import-texts.ts';
import { readZip } from './read-zip.ts';

/** All files of a recipe together, in bytes. */
const MAX_RECIPE_BYTES = 16 * 1024 * 1024;

/** A recipe as it was uploaded. */
export interface UploadedRecipe {
  readonly source: string;
  readonly files: RecipeFiles;
  /** Name of the YAML file without ending. */
  readonly fileName: string;
}

/**
 * Reads uploads as one recipe: a YAML file and the files beside it, or a zip of them.
 * Faults: `recipe-files-invalid`, `recipe-invalid` for a text that is not UTF-8, the signal's reason.
 */
export async function readUploadedRecipe(
  paths: readonly string[],
  signal: AbortSignal,
): Promise<UploadedRecipe> {
  const all = await readAll(paths, signal);
  const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name);
  // Of a zip with folders: the recipe is not deeper than other YAML files.
  const depth = (name: string): number => name.split('/').length;
  const least = Math.min(...[...all.keys()].filter(isYaml).map(depth));
  const recipes = [...all.keys()].filter((name) => isYaml(name) && depth(name) === least);
  const [recipe, ...others] = recipes;
  if (recipe === undefined)
    throw filesRefused(
      importText('no-recipe'),
      'Choose the YAML file of the recipe together with its files, or a zip of them.',
    );
  if (others.length > 0)
    throw filesRefused(
      importText('several-recipes', recipes.join(', ')),
      'Import one recipe with its files at a time.',
    );
  const source = requireUtf8Text(withoutBom(all.get(recipe) ?? new Uint8Array()), recipe, 'recipe-invalid');
  const folder = recipe.slice(0, recipe.lastIndexOf('/') + 1);
  const beside = [...all].flatMap(([name, bytes]) =>
    name === recipe || !name.startsWith(folder) ? [] : [[name.slice(folder.length), bytes] as const],
  );
  const files = namedAsIn(source, new Map(beside));
  return { source, files, fileName: basename(recipe).replace(/\.ya?ml$/i, '') };
}

/** Reads uploads as files of a recipe. Faults: as `readUploadedRecipe`. */
export async function readUploadedFiles(
  paths: readonly string[],
  source: string,
  signal: AbortSignal,
): Promise<RecipeFiles> {
  return namedAsIn(source, await readAll(paths, signal));
}

async function readAll(paths: readonly string[], signal: AbortSignal): Promise<RecipeFiles> {
  const files = new Map<string, Uint8Array>();
  const add = (name: string, bytes: Uint8Array): void => {
    if (files.has(name) && !isLeftOut(name))
      throw filesRefused(
        importText('two-files', name),
        'Leave out the one that does not belong to the recipe.',
      );
    files.set(name, bytes);
  };
  for (const path of paths) {
    throwIfAborted(signal);
    const name = basename(path);
    const bytes = await read(path, name);
    if (!isZip(bytes)) add(name, bytes);
    else
      for (const [inner, content] of await readZip(
        bytes,
        { archive: name, maxBytes: MAX_RECIPE_BYTES },
        signal,
      ))
        add(inner, content);
  }
  const kept = [...files].filter(([name]) => !isLeftOut(name));
  const total = kept.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  if (total > MAX_RECIPE_BYTES) throw tooLarge(importText('files-together'), total, MAX_RECIPE_BYTES);
  for (const [name, bytes] of kept) {
    if (bytes.length > MAX_FILE_BYTES) throw tooLarge(name, bytes.length, MAX_FILE_BYTES);
    if (!isFileName(name))
      throw filesRefused(
        importText('file-name', name),
        'Use letters, digits, dots, hyphens and underscores.',
      );
  }
  requireOtherCase(
    [],
    kept.map(([name]) => name),
  );
  return new Map(kept);
}

async function read(path: string, name: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > MAX_RECIPE_BYTES) throw tooLarge(name, size, MAX_RECIPE_BYTES);
    return await readFile(path);
  } catch (error) {
    throw asFileFault(error, path, 'read');
  }
}

function isZip(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString('latin1').startsWith('PK\x03\x04');
}

/** Locks are made again at the station; the others are files of operating systems. */
function isLeftOut(name: string): boolean {
  const base = basename(name);
  return (
    base.endsWith('.lock') || base.startsWith('.') || base === 'Thumbs.db' || name.startsWith('__MACOSX/')
  );
}

/** A page uploads files without their folders: they get the names by which the recipe knows them. */
function namedAsIn(source: string, files: RecipeFiles): RecipeFiles {
  const names = [...fileNamesIn(source)];
  const isRaw = rawNamesIn(source);
  return new Map(
    [...files].map(([name, bytes]) => {
      const known = names.filter((one) => basename(one) === name);
      const own = names.includes(name) || known.length !== 1 ? name : (known[0] ?? name);
      // A byte order mark depends on the editor, and must not change the hash.
      return [own, isRaw(own) ? bytes : withoutBom(bytes)] as const;
    }),
  );
}

function tooLarge(what: string | CodedText, bytes: number, most: number): Fault {
  return filesRefused(
    importText('file-large', what, bytes, most),
    'Make pictures smaller, and leave out files that the recipe does not name.',
  );
}
