import { type Document, visit, type YAMLError } from 'yaml';

/** A mistake in the YAML of a recipe. */
export interface YamlProblem {
  readonly offset: number;
  readonly message: string;
}

/** Messages for engineers; errors without one keep the message of the parser. */
const MESSAGES: Partial<Record<YAMLError['code'], string>> = {
  BAD_ALIAS: 'put quotes around a text that begins with & or *',
  BAD_DQ_ESCAPE:
    "in double quotes a backslash is an escape of YAML: write the text in single quotes, as '^V=(\\d+)$'",
  BAD_INDENT: 'is not indented as the lines that it belongs to',
  BAD_SCALAR_START: 'put quotes around a text that begins with a sign such as @, ` or %',
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

/** Problems that are listed; the others are found after these are corrected. */
const MAX_PROBLEMS = 200;

/** Errors after which the rest of the recipe is read as it is written, and can be checked. */
const CONTAINED: ReadonlySet<YAMLError['code']> = new Set([
  ...(['BAD_DQ_ESCAPE', 'BAD_SCALAR_START', 'DUPLICATE_KEY', 'UNEXPECTED_TOKEN'] as const),
  ...(['BAD_INDENT', 'BLOCK_IN_FLOW', 'MISSING_CHAR', 'MULTILINE_IMPLICIT_KEY'] as const),
]);
/** Errors after which the parser has lost the structure: it found the end of a document, text or list elsewhere. */
const STRUCTURE_LOST = /in YAML stream|Implicit map keys|quote|without - indicator|call stack|Stack overflow/;

/** True when everything except the lines of the errors is read as it is written. */
export function areContained(errors: readonly YAMLError[]): boolean {
  return errors.every(({ code, message }) => CONTAINED.has(code) && !STRUCTURE_LOST.test(message));
}

/**
 * The problems that the parser found, one a line. Further errors of a line follow from its first one, and so do all errors
 * after the structure was lost.
 */
export function yamlProblems(document: Document, source: string): YamlProblem[] {
  const inOrder = [...document.errors].sort((a, b) => a.pos[0] - b.pos[0]);
  const lost = inOrder.findIndex(({ message }) => STRUCTURE_LOST.test(message));
  // The parser reports the rest of a stream as an error of its own.
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
    if (problems.length === MAX_PROBLEMS) break;
  }
  return problems;
}

function problemOf(error: YAMLError, quoted: readonly Quoted[], source: string): YamlProblem {
  const { code, message } = error;
  const offset = error.pos[0];
  const is = (text: string): YamlProblem => ({ offset, message: text });
  if (/call stack|Stack overflow/.test(message)) return is('is nested too deep');
  if (/^\s*-[^\s-]/.test(lineAt(source, offset)) && /INDENT|KEY|MISSING_CHAR/.test(code)) return is(NO_BLANK);
  if (code === 'MISSING_CHAR' && message.includes('quote')) {
    const opened = quotedBefore(quoted, source, offset);
    return { offset: opened?.start ?? offset, message: 'the quote that is opened here is not closed' };
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
  return is(MESSAGES[code] ?? message);
}

/** The problem of an unexpected token, by the text at it and before it. */
function unexpected(
  { code, message, pos }: YAMLError,
  quoted: readonly Quoted[],
  source: string,
): YamlProblem {
  const offset = pos[0];
  const is = (text: string): YamlProblem => ({ offset, message: text });
  const behind = source.slice(startOfLine(source, offset), offset);
  if (/Block scalar header|Not a YAML token/.test(message) || /[:-]\s+[|>]\s*$/.test(behind))
    return is('put quotes around a text that begins with | or >');
  const before = source.slice(0, offset).trimEnd();
  const last = quotedBefore(quoted, source, offset);
  if (last !== null) {
    const text = source.slice(last.start, last.end);
    if (text.includes('\n'))
      return { offset: last.start, message: 'the quote that is opened here is not closed on its line' };
    return is(
      text.startsWith("'")
        ? "the text ends at the quote before here: a ' that belongs to it is written twice, as 'it''s'"
        : 'the text ends at the quote before here: a " that belongs to it is written as \\"',
    );
  }
  const isOpening = /^[[{]/.test(source.slice(offset));
  if (isOpening && !/[{[,:-]$/.test(before))
    return is("put quotes around a text with { } [ ] or a comma in it, as 'LED {mac}'");
  if (/^[\]}]/.test(source.slice(offset)) && /in YAML stream/.test(message))
    return is(`"${source.charAt(offset)}" closes nothing: one is too many, or one that opens is missing`);
  if (/[}\]]$/.test(before) && /node end/.test(message))
    return is("put quotes around a text that begins with { or [, as '{mac} on'");
  if (/flow/.test(message) && code === 'MISSING_CHAR') return is(OPEN);
  if (/without - indicator/.test(message))
    return { offset: textOfLine(source, offset), message: MESSAGES.BAD_INDENT ?? '' };
  if (/key/.test(message)) return is(MESSAGES.MULTILINE_IMPLICIT_KEY ?? message);
  return is(code === 'UNEXPECTED_TOKEN' ? (MESSAGES[code] ?? message) : message);
}

/** A quoted text, quotes included. */
interface Quoted {
  readonly start: number;
  readonly end: number;
}

/** All quoted texts, in the order of the document. */
function quotedTexts(document: Document): Quoted[] {
  const quoted: Quoted[] = [];
  visit(document, {
    Scalar(_key, { type, range }) {
      if ((type === 'QUOTE_SINGLE' || type === 'QUOTE_DOUBLE') && range)
        quoted.push({ start: range[0], end: range[1] });
    },
  });
  return quoted;
}

/** The quoted text that ends at an offset, or before it with blanks between. */
function quotedBefore(quoted: readonly Quoted[], source: string, offset: number): Quoted | null {
  const last = quoted.findLast(({ end }) => end <= offset);
  return last !== undefined && source.slice(last.end, offset).trim() === '' ? last : null;
}

function lineAt(source: string, offset: number): string {
  return source.slice(startOfLine(source, offset), endOfLine(source, offset));
}

function startOfLine(source: string, offset: number): number {
  return offset === 0 ? 0 : source.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset of the first character of the line that is no blank. */
function textOfLine(source: string, offset: number): number {
  const blanks = /^\s*/.exec(lineAt(source, offset))?.[0].length ?? 0;
  return startOfLine(source, offset) + blanks;
}

function endOfLine(source: string, offset: number): number {
  const end = source.indexOf('\n', offset);
  return end < 0 ? source.length : end;
}
