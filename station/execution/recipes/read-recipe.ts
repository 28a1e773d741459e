import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { readUtf8Text, withoutBom } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type CheckedRecipe, ContentChecker } from './content-checker.ts';
import { readYaml, yamlText } from '../../core/yaml/index.ts';
import { issueOf, type ParsedRecipe, recipeFault, type RecipeFiles } from './parse-recipe.ts';
import { filesInArgument } from '#shared/domain/tool-arguments.ts';
import { filesOf, isBinary, isRaw } from './recipe-files.ts';

/** Pictures for the operator are the largest files of a recipe. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** Reads a recipe with the files beside it. Faults: `file-missing`, `recipe-invalid` with file, line and column. */
export async function readRecipe(path: string): Promise<ParsedRecipe> {
  const { parsed, issues } = await checkRecipe(path);
  if (parsed !== null) return parsed;
  throw recipeFault(path, issues);
}

/** Reads a recipe and lists all its issues, also those of its scripts. Faults: `file-missing`, `bad-input`, `tool-missing`. */
export async function checkRecipe(path: string): Promise<CheckedRecipe> {
  const read = readUtf8Text(await readBytes(path));
  if (!read.ok) {
    const { line, column, what } = read.problem;
    return { parsed: null, issues: [issueOf({ line, column }, yamlText('file-encoding', what))] };
  }
  const source = read.text;
  const files = await readBeside(path, source);
  const beside = await readdir(dirname(path)).catch(() => []);
  return new ContentChecker().check(source, files, new AbortController().signal, beside);
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Fault('file-missing', `${path} cannot be read`, {
      hint: 'Check the path and the permissions of the file.',
      cause,
    });
  }
}

/** The files that the text names and that exist; `inspectRecipe` reports the missing ones. */
async function readBeside(path: string, source: string): Promise<RecipeFiles> {
  const folder = await realpath(dirname(path));
  const files = new Map<string, Uint8Array>();
  const raw = rawNamesIn(source);
  for (const name of fileNamesIn(source)) {
    const file = await realpath(join(folder, name)).catch(() => null);
    // A symbolic link must not lead out of the folder of the recipe.
    if (file === null || !file.startsWith(folder + sep) || basename(file) === basename(path)) continue;
    const facts = await stat(file);
    if (!facts.isFile()) continue;
    if (facts.size > MAX_FILE_BYTES) {
      throw new Fault('bad-input', `${name} has ${facts.size} bytes, more than ${MAX_FILE_BYTES}`, {
        hint: 'Make the picture smaller; take a large image for a flash from a firmware package.',
      });
    }
    const bytes = await readFile(file);
    // A byte order mark depends on the editor, and must not change the hash.
    files.set(name, raw(name) ? bytes : withoutBom(bytes));
  }
  return files;
}

/** Tells whether a file that the text names is taken byte for byte: a binary file, an image for a flash, input of a program. */
export function rawNamesIn(source: string): (name: string) => boolean {
  const written: unknown = readYaml(source).document?.toJS();
  const raw = new Set(
    filesOf(written)
      .filter(isRaw)
      .map(({ name }) => name),
  );
  return (name) => isBinary(name) || raw.has(name);
}

/** Values of all keys that may name a file; none for a text that is no YAML. */
export function fileNamesIn(source: string): Set<string> {
  const names = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (
        ['file', 'model', 'image', 'template', 'base64Of'].includes(key) &&
        typeof item === 'string' &&
        isFileName(item)
      )
        names.add(item);
      if (key === 'command' && Array.isArray(item))
        for (const argument of item)
          for (const name of filesInArgument(String(argument))) if (isFileName(name)) names.add(name);
      look(item);
    }
  };
  look(readYaml(source).document?.toJS());
  return names;
}

/** True for a name that a file of a recipe may have: a path with `/`, in the folder of the recipe. */
export function isFileName(name: string): boolean {
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/.test(name)) return false;
  // Each part is a name of its own: with an empty part or `.` one file would have several names.
  return name.split('/').every((part) => /^[A-Za-z0-9_]/.test(part) && !part.includes('..'));
}
