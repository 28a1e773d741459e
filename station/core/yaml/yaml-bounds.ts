import { Lexer, Parser } from 'yaml';
import type { YamlProblem } from './yaml-messages.ts';
import { yamlText as text } from './yaml-texts.ts';

/** Twenty times the largest recipe that comes with Gongwei. */
const MAX_CHARACTERS = 131_072;
/** Words and signs of such a recipe; each costs the parser, and each mistake more. */
const MAX_SIGNS = 30_000;
/** An escape in double quotes, and a directive, can be a mistake each; a mistake costs the parser as much as these signs. */
const SIGNS_OF_ESCAPE = 3;
const SIGNS_OF_DIRECTIVE = 30;
/** Deepest nesting, so that recipes can be walked by recursion. */
const MAX_LEVELS = 100;
/** Entries of one object: the parser compares each key with all others. */
const MAX_KEYS = 1000;

const LEVELS: ReadonlySet<string> = new Set(['block-map', 'block-seq', 'flow-collection']);

/**
 * The first place where a text is too large or nested too deep to be parsed in reasonable time; null when it is not. It takes
 * the parser's own signs one by one and ends at that place: the parser needs a second for a small text of 20,000 open
 * brackets, during which the station does nothing else.
 */
export function beyondBounds(source: string): YamlProblem | null {
  if (source.length > MAX_CHARACTERS) return { offset: 0, message: text('yaml-too-long', MAX_CHARACTERS) };
  const parser = new Parser();
  let signs = 0;
  for (const sign of new Lexer().lex(source)) {
    const offset = parser.offset;
    // The tree that the parser yields is not used: only its depth is looked at.
    Array.from(parser.next(sign));
    signs += costOf(sign);
    if (signs > MAX_SIGNS) return { offset, message: text('yaml-many-signs', MAX_SIGNS) };
    const { stack } = parser;
    if (stack.length > MAX_LEVELS && stack.filter(({ type }) => LEVELS.has(type)).length > MAX_LEVELS)
      return { offset, message: text('yaml-deep') };
    const top = stack.at(-1);
    const isObject =
      top?.type === 'block-map' || (top?.type === 'flow-collection' && top.start.source === '{');
    if (isObject && top.items.length > MAX_KEYS) return { offset, message: text('yaml-many-keys', MAX_KEYS) };
  }
  return null;
}

/** The signs that one sign of the lexer counts for. */
function costOf(sign: string): number {
  if (sign.startsWith('"')) return 1 + SIGNS_OF_ESCAPE * (sign.split('\\').length - 1);
  if (sign.startsWith('%')) return SIGNS_OF_DIRECTIVE;
  return sign.trim() === '' || sign.startsWith('#') ? 0 : 1;
}
