import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { readUtf8Text, withoutBom } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { unroll } from '#shared/recipe/index.ts';
import { checkScript } from '../scripts/index.ts';
import {
  inspectRecipe,
  type ParsedRecipe,
  recipeFault,
  type RecipeFiles,
  type RecipeIssue,
} from './parse-recipe.ts';
import { filesOf, isPicture } from './recipe-files.ts';
import { readYaml } from './read-yaml.ts';

/** Pictures for the operator are the largest files of a recipe. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** Reads a recipe with the files beside it. Faults: `file-missing`, `recipe-invalid` with file, line and column. */
export async function readRecipe(path: string): Promise<ParsedRecipe> {
  const { parsed, issues } = await checkRecipe(path);
  if (parsed !== null) return parsed;
  throw recipeFault(path, issues);
}

/** Reads a recipe and lists all its issues, also those of its scripts. Faults: `file-missing`, `bad-input`, `tool-missing`. */
export async function checkRecipe(
  path: string,
): Promise<{ readonly parsed: ParsedRecipe | null; readonly issues: readonly RecipeIssue[] }> {
  const read = readUtf8Text(await readBytes(path));
  if (!read.ok) {
    const { line, column, what } = read.problem;
    return { parsed: null, issues: [{ line, column, message: `this file ${what}` }] };
  }
  const source = read.text;
  const files = await readBeside(path, source);
  const beside = await readdir(dirname(path)).catch(() => []);
  const { parsed, issues } = inspectRecipe(source, files, { beside });
  const ofScripts = await scriptIssues(source, files);
  return { parsed: ofScripts.length === 0 ? parsed : null, issues: [...issues, ...ofScripts] };
}

/** Issues that keep the scripts of a recipe from running. */
async function scriptIssues(source: string, files: RecipeFiles): Promise<RecipeIssue[]> {
  const { document } = readYaml(source);
  const written = document === null ? null : unroll(document.toJS()).value;
  // `inspectRecipe` reports a script that is no text.
  const scripts = filesOf(written).filter(
    ({ name, use }) => use === 'script' && readUtf8Text(files.get(name) ?? Uint8Array.of(0xff)).ok,
  );
  const signal = new AbortController().signal;
  const issues = await Promise.all(
    scripts.map(async ({ name: file, sets, options }) => {
      const problems = await checkScript(
        file,
        files.get(file) ?? new Uint8Array(),
        { sets, options },
        signal,
      );
      return problems.map((problem): RecipeIssue => ({ file, ...problem }));
    }),
  );
  return issues.flat();
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
  for (const name of namesIn(source)) {
    const file = await realpath(join(folder, name)).catch(() => null);
    // A symbolic link must not lead out of the folder of the recipe.
    if (file === null || !file.startsWith(folder + sep) || basename(file) === basename(path)) continue;
    const facts = await stat(file);
    if (!facts.isFile()) continue;
    if (facts.size > MAX_FILE_BYTES) {
      throw new Fault('bad-input', `${name} has ${facts.size} bytes, more than ${MAX_FILE_BYTES}`, {
        hint: 'Make the picture smaller.',
      });
    }
    const bytes = await readFile(file);
    // A byte order mark depends on the editor, and must not change the hash.
    files.set(name, isPicture(name) ? bytes : withoutBom(bytes));
  }
  return files;
}

/** Values of all keys that may name a file; none for a text that is no YAML. */
function namesIn(source: string): Set<string> {
  const names = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (['file', 'model', 'image', 'base64Of'].includes(key) && typeof item === 'string' && isSafe(item))
        names.add(item);
      look(item);
    }
  };
  look(readYaml(source).document?.toJS());
  return names;
}

function isSafe(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/.test(name) && !name.includes('..');
}
