import { sha256Hex } from '#node-kit/crypto/index.ts';
import { findLostCharacter } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type CodedText, textDetails } from '#shared/words/index.ts';
import { checkWritten, type Mistake, type Recipe, unroll } from '#shared/recipe/index.ts';
import { fileMistakes } from './file-mistakes.ts';
import { llsyncMistakes } from './llsync-mistakes.ts';
import { measuredNamesOf } from './measured-names.ts';
import { misread } from './misread-values.ts';
import { numberMistakes } from './number-mistakes.ts';
import { cachedRecipe } from './recipe-cache.ts';
import { filesOf } from './recipe-files.ts';
import { positionsIn, readYaml, yamlText } from '../../core/yaml/index.ts';

/** Issues that are listed; the others are found after these are corrected. */
const MAX_ISSUES = 200;

export interface ParsedRecipe {
  readonly recipe: Recipe;
  /** The text as given, kept verbatim in the record. */
  readonly source: string;
  /** The files beside it that are part of it: scripts, thing models, pictures. */
  readonly files: RecipeFiles;
  /** SHA-256 (hex) over text and files, with equal line ends: the exact version of the recipe. */
  readonly hash: string;
}

/** Content of the files, by their names in the recipe. */
export type RecipeFiles = ReadonlyMap<string, Uint8Array>;

export interface RecipeIssue {
  readonly line: number;
  readonly column: number;
  /** As terminals print it: the English text, with the path of the value. */
  readonly message: string;
  /** The same in both languages, with its code. */
  readonly text: CodedText;
  /** Name of the file with the issue; the recipe itself when left out. */
  readonly file?: string;
}

export interface InspectOptions {
  /**
   * True for a recipe that was accepted when its batch was made or its run was recorded: only its shape is checked, so that
   * checks of later versions do not refuse it.
   */
  readonly acceptedBefore?: boolean;
  /** False for a recording of a version that gave steps of one verb in a phase equal names. */
  readonly numbered?: boolean;
  /** Names of all files in the folder of the recipe, for proposals when a name is misspelled. */
  readonly beside?: readonly string[];
}

/** Reads a recipe. Faults: `recipe-invalid` naming file, line and column of the first problem, with the number of others. */
export function parseRecipe(
  source: string,
  file: string,
  files: RecipeFiles = new Map(),
  options: InspectOptions = {},
): ParsedRecipe {
  const { acceptedBefore = false, numbered = true } = options;
  const ofOptions = `${acceptedBefore} ${numbered}`;
  const { recipe, fileNames, hash } = cachedRecipe(source, recipeHash(source, files), ofOptions, () => {
    const { parsed, issues } = inspectRecipe(source, files, options);
    if (parsed === null || issues.length > 0) throw recipeFault(file, issues);
    return { recipe: parsed.recipe, fileNames: [...parsed.files.keys()], hash: parsed.hash };
  });
  return { recipe, source, files: filesNamed(fileNames, files), hash };
}

/** The first problem as a fault, with the number of others. */
export function recipeFault(file: string, issues: readonly RecipeIssue[]): Fault {
  const [first, ...others] = issues;
  const { line = 1, column = 1, message = 'is empty' } = first ?? {};
  const named = first?.file === undefined ? file : pathBeside(file, first.file);
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new Fault('recipe-invalid', `${named}:${line}:${column}: ${message}${more}`, {
    hint: 'See "recipe check FILE" for all of them.',
    details: {
      file: named,
      line,
      column,
      ...(first === undefined ? {} : textDetails('reason', first.text)),
    },
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
    return { parsed: null, issues: [issueOf({ line, column }, yamlText('file-encoding', what))] };
  }
  const { document, problems, lines } = readYaml(source, acceptedBefore);
  const positions = positionsIn(document, lines);
  const ofText = misread(problems, positions);
  const textIssues = ofText.problems.map(({ offset, message }) => issueOf(positions.at(offset), message));
  if (document === null) return { parsed: null, issues: inOrder(textIssues) };
  const { value, origin, issues: ofLoops } = unroll(document.toJS(), { numbered });
  const { recipe, mistakes: written } = checkWritten(value, acceptedBefore, (path) =>
    positions.sourceOf(origin(path)),
  );
  const named = filesOf(value);
  const ofNumbers = acceptedBefore ? [] : numberMistakes(document);
  const inexact = new Set(ofNumbers.map(({ path }) => path.join('.')));
  // A name with a mistake is not reported once more as a missing file.
  const reported = new Set(written.map(({ path }) => path.join('.')));
  const ofFiles = fileMistakes(named, files, {
    acceptedBefore,
    beside,
    measured: measuredNamesOf(value),
  }).filter(({ path }) => !reported.has(path.join('.')));
  const ofLlsync = recipe === null || acceptedBefore ? [] : llsyncMistakes(recipe, files);
  const mistakes: Mistake[] = [...written, ...ofFiles, ...ofLlsync].map((mistake) => ({
    ...mistake,
    path: origin(mistake.path),
  }));
  // The body of an invalid loop still contains its parameters.
  const inside = mistakes
    .filter(({ path }) => !ofLoops.some((loop) => isWithin(path, loop.path)))
    // A second message about an inexact number would show another number than the written one.
    .filter(({ path }) => !inexact.has(path.join('.')));
  const ofValues = [...ofLoops, ...ofNumbers, ...inside]
    .filter((mistake) => !ofText.causes(mistake))
    .map(({ path, message, ...rest }: Mistake): RecipeIssue => {
      const position = rest.key === undefined ? positions.ofValue(path) : positions.ofKey(path, rest.key);
      const at = inOneLine(path.join('.')) || 'recipe';
      return issueOf(position, yamlText('at-path', at, message), message.code);
    });
  const issues = [...textIssues, ...ofValues];
  if (issues.length > 0 || recipe === null) return { parsed: null, issues: inOrder(issues) };
  const own = filesNamed(
    named.map(({ name }) => name),
    files,
  );
  return { parsed: { recipe, source, files: own, hash: recipeHash(source, own) }, issues: [] };
}

function filesNamed(names: readonly string[], files: RecipeFiles): RecipeFiles {
  return new Map(names.map((name) => [name, files.get(name) ?? new Uint8Array()]));
}

/** @param code of the mistake, when the text has its path before it */
export function issueOf(
  { line, column }: Pick<RecipeIssue, 'line' | 'column'>,
  text: CodedText,
  code = text.code,
): RecipeIssue {
  const message = inOneLine(text.en);
  return { line, column, message, text: { code, en: message, 'zh-CN': inOneLine(text['zh-CN']) } };
}

/** By their positions, without duplicates: a mistake in a loop occurs in each of its steps. */
function inOrder(issues: readonly RecipeIssue[]): RecipeIssue[] {
  const unique = new Map(issues.map((issue) => [`${issue.line}:${issue.column}: ${issue.message}`, issue]));
  return [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column).slice(0, MAX_ISSUES);
}

/** `loop` is the path of a `forEach`, or of a name in it. */
function isWithin(path: readonly (string | number)[], loop: readonly (string | number)[]): boolean {
  const item = loop.slice(0, loop.indexOf('forEach'));
  return loop.includes('forEach') && item.every((part, index) => path[index] === part);
}

/** Path of a file beside a recipe, relative to the same folder as the path of the recipe. */
export function pathBeside(recipePath: string, name: string): string {
  return `${recipePath.slice(0, Math.max(recipePath.lastIndexOf('/'), recipePath.lastIndexOf('\\')) + 1)}${name}`;
}

/** Hash over the text and, in the order of their names, the files. A recipe without files has the hash of its text. */
export function recipeHash(source: string, files: RecipeFiles): string {
  const text = sha256Hex(source.replace(/\r\n/g, '\n'));
  if (files.size === 0) return text;
  const parts = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bytes]) => `${sha256Hex(bytes)}  ${name}\n`);
  return sha256Hex([`${text}  recipe\n`, ...parts].join(''));
}

/** Escapes line breaks and control characters: a key can be any text, and a message is one line. */
function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
