import { yamlText as text } from './yaml-texts.ts';
import { type Document, isAlias, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { beyondBounds } from './yaml-bounds.ts';
import { yamlMistakes } from './yaml-mistakes.ts';
import { areContained, type YamlProblem, yamlProblems } from './yaml-messages.ts';

export interface ReadYaml {
  /** `null` when the text has no structure that can be read safely. */
  readonly document: Document | null;
  readonly problems: readonly YamlProblem[];
  readonly lines: LineCounter;
}

/**
 * Parses a text as YAML and refuses documents that are not safe to read: size and nesting are bounded before the parse; the
 * library needs minutes for a few hundred nested keys, and expands aliases without limit.
 *
 * @param acceptedBefore true for a recipe that was accepted before: signs that earlier versions ignored are not reported
 */
export function readYaml(source: string, acceptedBefore = false): ReadYaml {
  const lines = new LineCounter();
  const none = (...problems: YamlProblem[]): ReadYaml => ({ document: null, problems, lines });
  const beyond = beyondBounds(source);
  if (beyond !== null) {
    markLines(source, beyond.offset, lines);
    return none(beyond);
  }
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const ofParser = yamlProblems(document, source);
  if (!areContained(document.errors)) return none(...ofParser);
  const unsafe = firstUnsafe(document, acceptedBefore);
  if (unsafe !== null) return none(...ofParser, unsafe);
  const ofMeaning = acceptedBefore ? [] : yamlMistakes(document, source);
  return { document, problems: [...ofParser, ...ofMeaning], lines };
}

/**
 * The data of a YAML text that is no recipe, such as a file of another computer: within the same bounds, and without aliases.
 * `null` for a text that is beyond them, or no YAML.
 */
export function readYamlData(source: string): unknown {
  if (beyondBounds(source) !== null) return null;
  const document = parseDocument(source, { prettyErrors: false, logLevel: 'error' });
  return document.errors.length > 0 || firstUnsafe(document, true) !== null ? null : document.toJS();
}

/** The first construct that is not safe to read, or that hides the content from a reader: aliases, nested keys. */
function firstUnsafe(document: Document, acceptedBefore: boolean): YamlProblem | null {
  let problem: YamlProblem | null = null;
  const anchors = new Set<string>();
  visit(document, { Value: (_key, { anchor }) => void (anchor !== undefined && anchors.add(anchor)) });
  visit(document, {
    Pair(_key, { key }) {
      if (key === null || isScalar(key) || isAlias(key)) return undefined;
      const range = (key as { range?: [number, number, number] | null }).range;
      problem = { offset: range?.[0] ?? 0, message: text('yaml-key-word') };
      return visit.BREAK;
    },
    Alias(_key, { range, source: name }) {
      // An alias without an anchor is a text without its quotes.
      if (!acceptedBefore && !anchors.has(name)) return undefined;
      problem = { offset: range?.[0] ?? 0, message: text('yaml-no-alias') };
      return visit.BREAK;
    },
  });
  return problem;
}

/** What the parser would tell the counter of the lines up to an offset. */
function markLines(source: string, offset: number, lines: LineCounter): void {
  lines.addNewLine(0);
  for (let end = source.indexOf('\n'); end >= 0 && end < offset; end = source.indexOf('\n', end + 1))
    lines.addNewLine(end + 1);
}
