import { type Document, isAlias, isCollection, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { yamlMistakes } from './yaml-mistakes.ts';
import { areAlone, type YamlProblem, yamlProblems } from './yaml-messages.ts';

/** The largest recipe that came with Gongwei has a twentieth of it. */
const MOST_CHARACTERS = 131_072;
/** Lists and maps within each other; whatever walks over a recipe may do it by recursion. */
const MOST_LEVELS = 100;

export interface ReadYaml {
  /** What can be read; `null` where the text has no structure, or none that can be had safely. */
  readonly document: Document | null;
  readonly problems: readonly YamlProblem[];
  readonly lines: LineCounter;
}

/**
 * A text as a document of YAML whose values can be had safely: the parser needs minutes for a few hundred keys within
 * keys, unfolds aliases without end, and compares each key of a map with all others of it.
 *
 * @param acceptedBefore true for a recipe that was found sound once: signs that earlier versions read over are not looked for
 */
export function readYaml(source: string, acceptedBefore = false): ReadYaml {
  const lines = new LineCounter();
  const none = (...problems: YamlProblem[]): ReadYaml => ({ document: null, problems, lines });
  if (source.length > MOST_CHARACTERS)
    return none({ offset: 0, message: `a recipe has at most ${MOST_CHARACTERS} characters` });
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const ofParser = yamlProblems(document, source);
  if (!areAlone(document.errors)) return none(...ofParser);
  const unsafe = firstUnsafe(document, acceptedBefore);
  if (unsafe !== null) return none(...ofParser, unsafe);
  const slips = acceptedBefore ? [] : yamlMistakes(document, source);
  return { document, problems: [...ofParser, ...slips], lines };
}

/** Aliases can name what is not there, too; what a person reads must be what is done. */
function firstUnsafe(document: Document, acceptedBefore: boolean): YamlProblem | null {
  let found: YamlProblem | null = null;
  const anchors = new Set<string>();
  visit(document, { Value: (_key, { anchor }) => void (anchor !== undefined && anchors.add(anchor)) });
  visit(document, {
    Pair(_key, { key }) {
      if (key === null || isScalar(key) || isAlias(key)) return undefined;
      const range = (key as { range?: [number, number, number] | null }).range;
      found = { offset: range?.[0] ?? 0, message: 'a key of a recipe is one word' };
      return visit.BREAK;
    },
    Collection(_key, { range }, path) {
      if (path.filter((node) => isCollection(node)).length < MOST_LEVELS) return undefined;
      found = { offset: range?.[0] ?? 0, message: 'is nested too deep' };
      return visit.BREAK;
    },
    Alias(_key, { range, source: name }) {
      // One that names nothing is a text that lacks its quotes.
      if (!acceptedBefore && !anchors.has(name)) return undefined;
      found = { offset: range?.[0] ?? 0, message: 'a recipe has no aliases: write it out' };
      return visit.BREAK;
    },
  });
  return found;
}
