import { sha256Hex } from '#node-kit/crypto/index.ts';
import { findLostCharacter } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { checkWritten, type Mistake, type Recipe, unroll } from '#shared/recipe/index.ts';
import { fileMistakes } from './file-mistakes.ts';
import { misread } from './misread-values.ts';
import { numberMistakes } from './number-mistakes.ts';
import { placesIn } from './yaml-positions.ts';
import { filesOf } from './recipe-files.ts';
import { readYaml } from './read-yaml.ts';

/** Nobody mends more of them before the next look. */
const MOST_ISSUES = 200;

export interface ParsedRecipe {
  readonly recipe: Recipe;
  /** The text as given, kept verbatim in the record. */
  readonly source: string;
  /** The files beside it that are part of it: scripts, thing models, pictures. */
  readonly files: RecipeFiles;
  /** SHA-256 (hex) over the text with line ends made equal, and its files: what exactly was done to a unit. */
  readonly hash: string;
}

/** Content by name, as the recipe names it. */
export type RecipeFiles = ReadonlyMap<string, Uint8Array>;

export interface RecipeIssue {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The file beside the recipe that it is in; the recipe itself when left out. */
  readonly file?: string;
}

export interface InspectOptions {
  /**
   * True for a recipe that was found sound when its batch was made or its run was recorded: its shape is checked, and
   * nothing that later versions learned to refuse.
   */
  readonly acceptedBefore?: boolean;
  /** False for a recording of a version that gave steps of one verb in a phase the same name. */
  readonly numbered?: boolean;
  /** Names of all files in the folder of the recipe, one of which a misspelled name may mean. */
  readonly beside?: readonly string[];
}

/** Reads a recipe. Faults: `recipe-invalid` naming file, line and column of the first problem, with the number of others. */
export function parseRecipe(
  source: string,
  file: string,
  files: RecipeFiles = new Map(),
  options: InspectOptions = {},
): ParsedRecipe {
  const { parsed, issues } = inspectRecipe(source, files, options);
  if (parsed !== null && issues.length === 0) return parsed;
  throw recipeFault(file, issues);
}

/** The first problem as a fault, with the number of others. */
export function recipeFault(file: string, issues: readonly RecipeIssue[]): Fault {
  const [first, ...others] = issues;
  const { line = 1, column = 1, message = 'is empty' } = first ?? {};
  const named = first?.file === undefined ? file : pathBeside(file, first.file);
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new Fault('recipe-invalid', `${named}:${line}:${column}: ${message}${more}`, {
    hint: 'See "recipe check FILE" for all of them.',
    details: { file: named, line, column },
  });
}

/** Every problem of a recipe with its place, in the order of the text; `parsed` when there is none. */
export function inspectRecipe(
  source: string,
  files: RecipeFiles = new Map(),
  { acceptedBefore = false, numbered = true, beside = [] }: InspectOptions = {},
): { parsed: ParsedRecipe | null; issues: RecipeIssue[] } {
  const lost = acceptedBefore ? null : findLostCharacter(source);
  if (lost !== null) {
    const { line, column, what } = lost;
    return { parsed: null, issues: [{ line, column, message: `this file ${what}` }] };
  }
  const { document, problems, lines } = readYaml(source, acceptedBefore);
  const places = placesIn(document, lines);
  const ofText = misread(problems, places);
  const textIssues = ofText.problems.map(({ offset, message }): RecipeIssue => ({
    ...places.at(offset),
    message: inOneLine(message),
  }));
  if (document === null) return { parsed: null, issues: inOrder(textIssues) };
  const { value, origin, issues: ofLoops } = unroll(document.toJS(), { numbered });
  const { recipe, mistakes: written } = checkWritten(value, acceptedBefore, (path) =>
    places.sourceOf(origin(path)),
  );
  const named = filesOf(value);
  const ofNumbers = acceptedBefore ? [] : numberMistakes(document);
  const inexact = new Set(ofNumbers.map(({ path }) => path.join('.')));
  // Of a name that is none nobody has to hear that the file is missing.
  const told = new Set(written.map(({ path }) => path.join('.')));
  const ofFiles = fileMistakes(named, files, { acceptedBefore, beside }).filter(
    ({ path }) => !told.has(path.join('.')),
  );
  const mistakes: Mistake[] = [...written, ...ofFiles].map((mistake) => ({
    ...mistake,
    path: origin(mistake.path),
  }));
  // What stands in a loop that is none has its parameters in it still.
  const inside = mistakes
    .filter(({ path }) => !ofLoops.some((loop) => isWithin(path, loop.path)))
    // Whatever else is said of another number than the written one has that other number in it.
    .filter(({ path }) => !inexact.has(path.join('.')));
  const ofValues = [...ofLoops, ...ofNumbers, ...inside]
    .filter((mistake) => !ofText.causes(mistake))
    .map(({ path, message, ...rest }: Mistake): RecipeIssue => {
      const place = rest.key === undefined ? places.ofValue(path) : places.ofKey(path, rest.key);
      return { ...place, message: inOneLine(`${path.join('.') || 'recipe'}: ${message}`) };
    });
  const issues = [...textIssues, ...ofValues];
  if (issues.length > 0 || recipe === null) return { parsed: null, issues: inOrder(issues) };
  const own = new Map(named.map(({ name }) => [name, files.get(name) ?? new Uint8Array()]));
  return { parsed: { recipe, source, files: own, hash: recipeHash(source, own) }, issues: [] };
}

/** By their places, each once: a loop that has one mistake in it has it once. */
function inOrder(issues: readonly RecipeIssue[]): RecipeIssue[] {
  const known = new Map(issues.map((issue) => [`${issue.line}:${issue.column}: ${issue.message}`, issue]));
  return [...known.values()].sort((a, b) => a.line - b.line || a.column - b.column).slice(0, MOST_ISSUES);
}

/** `loop` is the path of a `forEach`, or of a name in it. */
function isWithin(path: readonly (string | number)[], loop: readonly (string | number)[]): boolean {
  const item = loop.slice(0, loop.indexOf('forEach'));
  return loop.includes('forEach') && item.every((part, index) => path[index] === part);
}

/** A file beside a recipe, as a person at the recipe's path would name it. */
export function pathBeside(recipePath: string, name: string): string {
  return `${recipePath.slice(0, Math.max(recipePath.lastIndexOf('/'), recipePath.lastIndexOf('\\')) + 1)}${name}`;
}

/** A recipe without files goes by its text alone; one with files by the text and each of them, in order of name. */
export function recipeHash(source: string, files: RecipeFiles): string {
  const text = sha256Hex(source.replace(/\r\n/g, '\n'));
  if (files.size === 0) return text;
  const parts = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bytes]) => `${sha256Hex(bytes)}  ${name}\n`);
  return sha256Hex([`${text}  recipe\n`, ...parts].join(''));
}

/** A key can be any text, also one that would break the line in which it is named. */
function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
