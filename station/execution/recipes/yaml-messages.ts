import { type Document, visit, type YAMLError } from 'yaml';

/** Why a text is no recipe, and where. */
export interface YamlProblem {
  readonly offset: number;
  readonly message: string;
}

/** What is wrong with the YAML of a recipe, for somebody who does not know the parser; others keep the parser's words. */
const WORDS: Partial<Record<YAMLError['code'], string>> = {
  BAD_ALIAS: 'a text that begins with & or * stands in quotes',
  BAD_DQ_ESCAPE:
    "in double quotes a backslash is an escape of YAML: write the text in single quotes, as '^V=(\\d+)$'",
  BAD_INDENT: 'is not indented as the lines that it belongs to',
  BAD_SCALAR_START: 'a text that begins with a sign such as @, ` or % stands in quotes',
  DUPLICATE_KEY: 'this key is written twice in one place',
  MULTILINE_IMPLICIT_KEY:
    'is no "key: value": the colon is ":" (not "：") with a blank behind it, and an entry of a list begins with "- "',
  MULTIPLE_DOCS: 'a recipe is one document: leave out "---" and what follows it',
  TAB_AS_INDENT: 'lines are indented with blanks, not with tabs',
  UNEXPECTED_TOKEN: 'is not expected here: look at the quotes, brackets and indentation before it',
};

const OPEN = 'a { or [ is not closed before here, or a comma is missing';
const NO_BLANK = 'an entry of a list begins with "- ": a blank is missing behind the "-"';
const DEEPER = 'the line below is indented further than this one: keys of one entry stand below each other';
const TWO_KEYS =
  'a line has one "key: value": put the second on a line of its own, or the text with ": " in quotes';

/** Nobody mends more of them before the next look. */
const MOST_PROBLEMS = 200;

/** Mistakes that leave the rest of a recipe as it is written, so that the rest can be checked too. */
const ALONE: ReadonlySet<YAMLError['code']> = new Set([
  ...(['BAD_DQ_ESCAPE', 'BAD_SCALAR_START', 'DUPLICATE_KEY', 'UNEXPECTED_TOKEN'] as const),
  ...(['BAD_INDENT', 'BLOCK_IN_FLOW', 'MISSING_CHAR', 'MULTILINE_IMPLICIT_KEY'] as const),
]);
/** Of these the parser finds no way back: the end of the document, of a text, of a list is elsewhere. */
const LOST = /in YAML stream|Implicit map keys|quote|without - indicator|call stack|Stack overflow/;

/** Whether everything but the lines of the mistakes reads as it is written. */
export function areAlone(errors: readonly YAMLError[]): boolean {
  return errors.every(({ code, message }) => ALONE.has(code) && !LOST.test(message));
}

/**
 * What the parser found, one problem a line: what it says of a line after the first follows from it, and so does
 * everything after it lost the end of the document.
 */
export function yamlProblems(document: Document, source: string): YamlProblem[] {
  const inOrder = [...document.errors].sort((a, b) => a.pos[0] - b.pos[0]);
  const lost = inOrder.findIndex(({ message }) => LOST.test(message));
  // The rest of a stream is told as an error itself.
  const isRest = inOrder[lost]?.message.includes('in YAML stream') === true && lost > 0;
  const counted = lost < 0 ? inOrder : inOrder.slice(0, isRest ? lost : lost + 1);
  const quoted = quotedTexts(document);
  const problems: YamlProblem[] = [];
  const lines = new Set<number>();
  for (const error of counted) {
    const line = startOfLine(source, error.pos[0]);
    if (lines.has(line)) continue;
    const problem = problemOf(error, quoted, source);
    lines.add(line).add(startOfLine(source, problem.offset));
    problems.push(problem);
    if (problems.length === MOST_PROBLEMS) break;
  }
  return problems;
}

function problemOf(error: YAMLError, quoted: readonly Quoted[], source: string): YamlProblem {
  const { code, message } = error;
  const offset = error.pos[0];
  const is = (words: string): YamlProblem => ({ offset, message: words });
  if (/call stack|Stack overflow/.test(message)) return is('is nested too deep');
  if (/^\s*-[^\s-]/.test(lineAt(source, offset)) && /INDENT|KEY|MISSING_CHAR/.test(code)) return is(NO_BLANK);
  if (code === 'MISSING_CHAR' && message.includes('quote')) {
    const opened = quotedBefore(quoted, source, offset);
    return { offset: opened?.begins ?? offset, message: 'the quote that is opened here is not closed' };
  }
  if (code === 'BAD_INDENT' && /flow/i.test(message)) return is(OPEN);
  if (code === 'BLOCK_AS_IMPLICIT_KEY') {
    const rest = source.slice(offset, endOfLine(source, offset));
    return is(/:(?:\s|$)/.test(rest) ? TWO_KEYS : DEEPER);
  }
  if (code === 'BLOCK_IN_FLOW')
    return is(
      source.startsWith('- ', offset)
        ? 'within { } and [ ] lists and keys are written in { } and [ ], too'
        : 'a comma is missing before a key in here, which is "," and not "，" or ";"',
    );
  if (code === 'UNEXPECTED_TOKEN' || code === 'MISSING_CHAR') return unexpected(error, quoted, source);
  return is(WORDS[code] ?? message);
}

/** What stands where the parser awaits something else, by what stands there and before it. */
function unexpected(
  { code, message, pos }: YAMLError,
  quoted: readonly Quoted[],
  source: string,
): YamlProblem {
  const offset = pos[0];
  const is = (words: string): YamlProblem => ({ offset, message: words });
  const behind = source.slice(startOfLine(source, offset), offset);
  if (/Block scalar header|Not a YAML token/.test(message) || /[:-]\s+[|>]\s*$/.test(behind))
    return is('a text that begins with | or > stands in quotes');
  const before = source.slice(0, offset).trimEnd();
  const last = quotedBefore(quoted, source, offset);
  if (last !== null) {
    const text = source.slice(last.begins, last.ends);
    if (text.includes('\n'))
      return { offset: last.begins, message: 'the quote that is opened here is not closed on its line' };
    return is(
      text.startsWith("'")
        ? "the text ends at the quote before here: a ' that belongs to it is written twice, as 'it''s'"
        : 'the text ends at the quote before here: a " that belongs to it is written as \\"',
    );
  }
  const isOpening = /^[[{]/.test(source.slice(offset));
  if (isOpening && !/[{[,:-]$/.test(before))
    return is("a text with { } [ ] or a comma in it stands in quotes here, as 'LED {mac}'");
  if (/^[\]}]/.test(source.slice(offset)) && /in YAML stream/.test(message))
    return is(`"${source.charAt(offset)}" closes nothing: one is too many, or one that opens is missing`);
  if (/[}\]]$/.test(before) && /node end/.test(message))
    return is("a text that begins with { or [ stands in quotes, as '{mac} on'");
  if (/flow/.test(message) && code === 'MISSING_CHAR') return is(OPEN);
  if (/without - indicator/.test(message))
    return { offset: textOfLine(source, offset), message: WORDS.BAD_INDENT ?? '' };
  if (/key/.test(message)) return is(WORDS.MULTILINE_IMPLICIT_KEY ?? message);
  return is(code === 'UNEXPECTED_TOKEN' ? (WORDS[code] ?? message) : message);
}

/** A text in quotes, with them. */
interface Quoted {
  readonly begins: number;
  readonly ends: number;
}

/** In the order of the text. */
function quotedTexts(document: Document): Quoted[] {
  const found: Quoted[] = [];
  visit(document, {
    Scalar(_key, { type, range }) {
      if ((type === 'QUOTE_SINGLE' || type === 'QUOTE_DOUBLE') && range)
        found.push({ begins: range[0], ends: range[1] });
    },
  });
  return found;
}

/** The text in quotes that ends at a place, or before it with nothing but blanks between. */
function quotedBefore(quoted: readonly Quoted[], source: string, offset: number): Quoted | null {
  const last = quoted.findLast(({ ends }) => ends <= offset);
  return last !== undefined && source.slice(last.ends, offset).trim() === '' ? last : null;
}

function lineAt(source: string, offset: number): string {
  return source.slice(startOfLine(source, offset), endOfLine(source, offset));
}

function startOfLine(source: string, offset: number): number {
  return offset === 0 ? 0 : source.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the text of the line begins, behind its blanks. */
function textOfLine(source: string, offset: number): number {
  const blanks = /^\s*/.exec(lineAt(source, offset))?.[0].length ?? 0;
  return startOfLine(source, offset) + blanks;
}

function endOfLine(source: string, offset: number): number {
  const end = source.indexOf('\n', offset);
  return end < 0 ? source.length : end;
}
