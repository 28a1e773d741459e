import type { ErrorCode, YAMLError } from 'yaml';

/** What is wrong with the YAML of a recipe, for somebody who does not know the parser; others keep the parser's words. */
const WORDS: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'a text that begins with & or * stands in quotes',
  BAD_DQ_ESCAPE:
    "in double quotes a backslash is an escape of YAML: write the text in single quotes, as '^V=(\\d+)$'",
  BAD_INDENT: 'is not indented as the lines that it belongs to',
  BAD_SCALAR_START: 'a text that begins with a sign such as @, ` or % stands in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a line has one "key: value": put the second on a line of its own, or the text with ": " in quotes',
  BLOCK_IN_FLOW: 'within { } and [ ] lists and keys are written in { } and [ ], too',
  DUPLICATE_KEY: 'this key is written twice in one place',
  MULTILINE_IMPLICIT_KEY:
    'is no "key: value": the colon is ":" (not "：") with a blank behind it, and an entry of a list begins with "- "',
  MULTIPLE_DOCS: 'a recipe is one document: leave out "---" and what follows it',
  TAB_AS_INDENT: 'lines are indented with blanks, not with tabs',
  UNEXPECTED_TOKEN: 'is not expected here: look at the quotes, brackets and indentation before it',
};

const OPEN = 'a { or [ is not closed before here, or a comma is missing';

export function yamlWords({ code, message }: Pick<YAMLError, 'code' | 'message'>): string {
  if (/call stack|Stack overflow/.test(message)) return 'is nested too deep';
  if (code === 'BAD_INDENT' && /flow/i.test(message)) return OPEN;
  if (code !== 'MISSING_CHAR') return WORDS[code] ?? message;
  if (/quote/.test(message)) return 'a quote is not closed before here';
  if (/flow/.test(message)) return OPEN;
  if (/key/.test(message)) return WORDS.MULTILINE_IMPLICIT_KEY ?? message;
  return message;
}
