import { createHash } from 'node:crypto';
import { isMap, isNode, isScalar } from 'yaml';
import { readUtf8Text } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type Recipe, recipe, unroll } from '#shared/domain/recipe/index.ts';
import { filesOf, isPicture } from './recipe-files.ts';
import { readYaml } from './read-yaml.ts';

/** Nobody mends more of them before the next look. */
const MOST_ISSUES = 200;
/** It stands in each recording of a run twice: as a file and as what was sent. */
const LARGEST_SENT_BYTES = 512 * 1024;

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
}

/** Reads a recipe. Faults: `recipe-invalid` naming file, line and column of the first problem, with the number of others. */
export function parseRecipe(source: string, file: string, files: RecipeFiles = new Map()): ParsedRecipe {
  const { parsed, issues } = inspectRecipe(source, files);
  const [first, ...others] = issues;
  if (parsed !== null && first === undefined) return parsed;
  const where = `${file}:${first?.line ?? 1}:${first?.column ?? 1}`;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new Fault('recipe-invalid', `${where}: ${first?.message ?? 'is empty'}${more}`, {
    hint: 'See "recipe check FILE" for all of them.',
    details: { file, line: first?.line ?? 1, column: first?.column ?? 1 },
  });
}

/** Every problem of a recipe with its place; `parsed` when there is none. */
export function inspectRecipe(
  source: string,
  files: RecipeFiles = new Map(),
): { parsed: ParsedRecipe | null; issues: RecipeIssue[] } {
  const read = readYaml(source);
  const { lines } = read;
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  if ('problems' in read) {
    const told = read.problems.slice(0, MOST_ISSUES);
    return {
      parsed: null,
      issues: told.map(({ offset, message }) => ({ ...at(offset), message: inOneLine(message) })),
    };
  }
  const { document } = read;
  const unrolled = unroll(document.toJS());
  if (unrolled.issues.length > 0)
    return { parsed: null, issues: unrolled.issues.map(({ path, message }) => issueAt(path, message)) };
  const checked = recipe.safeParse(unrolled.value);
  if (!checked.success) {
    const issues = checked.error.issues.slice(0, MOST_ISSUES).map((issue) => {
      const path = unrolled.origin(issue.path.filter((part) => typeof part !== 'symbol'));
      const offset = issue.code === 'unrecognized_keys' ? keyOffset(path, issue.keys[0]) : offsetOf(path);
      return { ...at(offset), message: inOneLine(`${path.join('.') || 'recipe'}: ${issue.message}`) };
    });
    // A loop that has one mistake in it has it once.
    return {
      parsed: null,
      issues: issues.filter(
        (issue, index) =>
          !issues.slice(0, index).some((same) => same.line === issue.line && same.message === issue.message),
      ),
    };
  }
  const named = filesOf(checked.data);
  const missing = named.filter(({ name }) => !files.has(name));
  if (missing.length > 0) {
    const issues = missing.map(({ name, path }) =>
      issueAt(unrolled.origin(path), `${name} is not in the folder of the recipe`),
    );
    return { parsed: null, issues };
  }
  const large = named.filter(({ name, sent }) => sent && (files.get(name)?.length ?? 0) > LARGEST_SENT_BYTES);
  if (large.length > 0) {
    const issues = large.map(({ name, path }) =>
      issueAt(
        unrolled.origin(path),
        `${name} has ${files.get(name)?.length ?? 0} bytes; a file that is sent has at most ${LARGEST_SENT_BYTES}`,
      ),
    );
    return { parsed: null, issues };
  }
  const unread = named.flatMap(({ name, path, sent }) => {
    const read = sent || isPicture(name) ? null : readUtf8Text(files.get(name) ?? new Uint8Array());
    if (read === null || read.ok) return [];
    const { line, column, what } = read.problem;
    return [issueAt(unrolled.origin(path), `${name}:${line}:${column}: this file ${what}`)];
  });
  if (unread.length > 0) return { parsed: null, issues: unread };
  const own = new Map(named.map(({ name }) => [name, files.get(name) ?? new Uint8Array()]));
  return { parsed: { recipe: checked.data, source, files: own, hash: recipeHash(source, own) }, issues: [] };

  function issueAt(path: readonly (string | number)[], message: string): RecipeIssue {
    return { ...at(offsetOf(path)), message: inOneLine(`${path.join('.') || 'recipe'}: ${message}`) };
  }

  /** Where a key stands that should not be there. */
  function keyOffset(path: readonly (string | number)[], key: string | undefined): number {
    const map: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    const pair = isMap(map)
      ? map.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    return isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(path);
  }

  /** The nearest node that exists on the way to `path`: a missing key is reported at its parent. */
  function offsetOf(path: readonly (string | number)[]): number {
    for (let length = path.length; length >= 0; length--) {
      const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return 0;
  }
}

/** A recipe without files goes by its text alone; one with files by the text and each of them, in order of name. */
export function recipeHash(source: string, files: RecipeFiles): string {
  const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const text = sha256(source.replace(/\r\n/g, '\n'));
  if (files.size === 0) return text;
  const parts = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`);
  return sha256([`${text}  recipe\n`, ...parts].join(''));
}

/** A key can be any text, also one that would break the line in which it is named. */
function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
