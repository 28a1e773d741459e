import type { CodedText } from '#shared/words/index.ts';
import { yamlText as text } from './yaml-texts.ts';
import { type Document, visit, type YAMLError } from 'yaml';

/** A mistake in the YAML of a recipe. */
export interface YamlProblem {
  readonly offset: number;
  readonly message: CodedText;
}

/** Messages for engineers; errors without one keep the message of the parser. */
const MESSAGES: Partial<Record<YAMLError['code'], CodedText>> = {
  BAD_ALIAS: text('yaml-alias'),
  BAD_DQ_ESCAPE: text('yaml-escape'),
  BAD_INDENT: text('yaml-indent'),
  BAD_SCALAR_START: text('yaml-scalar-start'),
  DUPLICATE_KEY: text('yaml-key-twice'),
  MULTILINE_IMPLICIT_KEY: text('yaml-no-pair'),
  MULTIPLE_DOCS: text('yaml-documents'),
  TAB_AS_INDENT: text('yaml-tab'),
  UNEXPECTED_TOKEN: text('yaml-unexpected'),
};

const OPEN = text('yaml-open');
const NO_BLANK = text('yaml-dash');
const DEEPER = text('yaml-deeper');
const TWO_KEYS = text('yaml-two-keys');

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
  // A line is looked for once, however many errors it has: it can be as long as the text.
  let end = -1;
  for (const error of counted) {
    if (error.pos[0] <= end) continue;
    end = endOfLine(source, error.pos[0]);
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
  const is = (message: CodedText): YamlProblem => ({ offset, message });
  if (/call stack|Stack overflow/.test(message)) return is(text('yaml-deep'));
  if (/^\s*-[^\s-]/.test(lineAt(source, offset)) && /INDENT|KEY|MISSING_CHAR/.test(code)) return is(NO_BLANK);
  if (code === 'MISSING_CHAR' && message.includes('quote')) {
    const opened = quotedBefore(quoted, source, offset);
    return { offset: opened?.start ?? offset, message: text('yaml-quote-open') };
  }
  if (code === 'BAD_INDENT' && /flow/i.test(message)) return is(OPEN);
  if (code === 'BLOCK_AS_IMPLICIT_KEY') {
    const rest = source.slice(offset, endOfLine(source, offset));
    return is(/:(?:\s|$)/.test(rest) ? TWO_KEYS : DEEPER);
  }
  if (code === 'BLOCK_IN_FLOW')
    return is(source.startsWith('- ', offset) ? text('yaml-block-in-flow') : text('yaml-comma'));
  if (code === 'UNEXPECTED_TOKEN' || code === 'MISSING_CHAR') return unexpected(error, quoted, source);
  return is(MESSAGES[code] ?? text('yaml-other', message));
}

/** The problem of an unexpected token, by the text at it and before it. */
function unexpected(
  { code, message, pos }: YAMLError,
  quoted: readonly Quoted[],
  source: string,
): YamlProblem {
  const offset = pos[0];
  const is = (message: CodedText): YamlProblem => ({ offset, message });
  const behind = source.slice(startOfLine(source, offset), offset);
  if (/Block scalar header|Not a YAML token/.test(message) || /[:-]\s+[|>]\s*$/.test(behind))
    return is(text('yaml-block-sign'));
  const before = source.slice(0, offset).trimEnd();
  const last = quotedBefore(quoted, source, offset);
  if (last !== null) {
    const quotedText = source.slice(last.start, last.end);
    if (quotedText.includes('\n')) return { offset: last.start, message: text('yaml-quote-open-line') };
    return is(quotedText.startsWith("'") ? text('yaml-single-quote') : text('yaml-double-quote'));
  }
  const isOpening = /^[[{]/.test(source.slice(offset));
  if (isOpening && !/[{[,:-]$/.test(before)) return is(text('yaml-brackets-text'));
  if (/^[\]}]/.test(source.slice(offset)) && /in YAML stream/.test(message))
    return is(text('yaml-closes-nothing', source.charAt(offset)));
  if (/[}\]]$/.test(before) && /node end/.test(message)) return is(text('yaml-bracket-begin'));
  if (/flow/.test(message) && code === 'MISSING_CHAR') return is(OPEN);
  if (/without - indicator/.test(message))
    return { offset: textOfLine(source, offset), message: text('yaml-indent') };
  if (/key/.test(message)) return is(text('yaml-no-pair'));
  return is(code === 'UNEXPECTED_TOKEN' ? text('yaml-unexpected') : text('yaml-other', message));
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
