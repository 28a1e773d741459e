import { yamlText as text } from './yaml-texts.ts';
import { type Document, isAlias, isCollection, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { yamlMistakes } from './yaml-mistakes.ts';
import { areContained, type YamlProblem, yamlProblems } from './yaml-messages.ts';

/** Twenty times the largest recipe that comes with Gongwei. */
const MAX_CHARACTERS = 131_072;
/** Deepest nesting, so that recipes can be walked by recursion. */
const MAX_LEVELS = 100;

export interface ReadYaml {
  /** `null` when the text has no structure that can be read safely. */
  readonly document: Document | null;
  readonly problems: readonly YamlProblem[];
  readonly lines: LineCounter;
}

/**
 * Parses a text as YAML and refuses documents whose values are not safe to read: the library needs minutes for a few
 * hundred nested keys, expands aliases without limit, and compares each key of a map with all others.
 *
 * @param acceptedBefore true for a recipe that was accepted before: signs that earlier versions ignored are not reported
 */
export function readYaml(source: string, acceptedBefore = false): ReadYaml {
  const lines = new LineCounter();
  const none = (...problems: YamlProblem[]): ReadYaml => ({ document: null, problems, lines });
  if (source.length > MAX_CHARACTERS)
    return none({ offset: 0, message: text('yaml-too-long', MAX_CHARACTERS) });
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const ofParser = yamlProblems(document, source);
  if (!areContained(document.errors)) return none(...ofParser);
  const unsafe = firstUnsafe(document, acceptedBefore);
  if (unsafe !== null) return none(...ofParser, unsafe);
  const ofMeaning = acceptedBefore ? [] : yamlMistakes(document, source);
  return { document, problems: [...ofParser, ...ofMeaning], lines };
}

/** The first construct that is not safe to read, or that hides the content from a reader: aliases, nested keys, depth. */
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
    Collection(_key, { range }, path) {
      if (path.filter((node) => isCollection(node)).length < MAX_LEVELS) return undefined;
      problem = { offset: range?.[0] ?? 0, message: text('yaml-deep') };
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
