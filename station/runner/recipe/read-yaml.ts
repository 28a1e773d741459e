import { type Document, isAlias, isCollection, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { yamlWords } from './yaml-words.ts';

/** The largest recipe that came with Gongwei has a twentieth of it. */
const MOST_CHARACTERS = 131_072;
/** Lists and maps within each other; whatever walks over a recipe may do it by recursion. */
const MOST_LEVELS = 100;

export interface ReadYaml {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Why a text is no recipe, and where. */
export interface YamlProblem {
  readonly offset: number;
  readonly message: string;
}

/**
 * A text as a document of YAML whose values can be had safely: the parser needs minutes for a few hundred keys within
 * keys, unfolds aliases without end, and compares each key of a map with all others of it.
 */
export function readYaml(
  source: string,
): ReadYaml | { readonly problems: YamlProblem[]; lines: LineCounter } {
  const lines = new LineCounter();
  if (source.length > MOST_CHARACTERS) {
    const message = `a recipe has at most ${MOST_CHARACTERS} characters`;
    return { problems: [{ offset: 0, message }], lines };
  }
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  if (document.errors.length > 0) {
    // What the parser says of one place after the first follows from it.
    const places = new Map(document.errors.toReversed().map((error) => [error.pos[0], error]));
    const problems = [...places.values()]
      .toReversed()
      .map((error) => ({ offset: error.pos[0], message: yamlWords(error) }));
    return { problems, lines };
  }
  const problem = firstUnsafe(document);
  return problem === null ? { document, lines } : { problems: [problem], lines };
}

/** Aliases can name what is not there, too; what a person reads must be what is done. */
function firstUnsafe(document: Document): YamlProblem | null {
  let found: YamlProblem | null = null;
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
    Alias(_key, { range }) {
      found = { offset: range?.[0] ?? 0, message: 'a recipe has no aliases: write it out' };
      return visit.BREAK;
    },
  });
  return found;
}
