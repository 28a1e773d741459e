import { engineReason, patternText } from './pattern-texts.ts';
import { type CodedText, NO_TEXT } from '../words/index.ts';
import { suggestCorrection } from './suggest-correction.ts';
import { Fault } from '../domain/fault.ts';
import { isAnchored, literalStart, stepsPerStart } from './cost.ts';
import { nativeFlags, type PatternFlags } from './flags.ts';
import { createLinearEngine, type FindIn, nextPlace } from './linear-engine.ts';
import { depthOf, type UnsupportedPattern, sizeOf, unsupportedReason } from './program.ts';
import { isLineEnd } from './run-program.ts';
import { type ParsedPattern, parsePattern } from './syntax.ts';

/** This many steps take the native engine a few milliseconds at most. */
const NATIVE_STEPS = 1_000_000;
/** The native engine expands counted repetitions and fails when they become too large. */
const NATIVE_SIZE = 16_384;
/** The longest text of a match: as much as the receive buffer of a port stores. */
const LONGEST_TEXT = 16_384;
const LONGEST_SOURCE = 4096;

/** A regular expression whose matching time is bounded for every text. */
export interface Pattern {
  readonly source: string;
  /** Faults of `test`, `first` and `all`: `recipe-invalid` for a text that is too long for this pattern. */
  test(text: string): boolean;
  first(text: string): RegExpExecArray | null;
  /** All matches from the left, without overlaps, at most `maxCount`. */
  all(text: string, maxCount?: number): RegExpExecArray[];
  /** An upper estimate of the steps for a text. */
  steps(text: string): number;
}

/**
 * Compiles a regular expression of a recipe; all of Gongwei uses this function. A text is matched by the native engine if
 * that needs a few milliseconds at most, else by an engine with linear time; both find the same matches. Faults:
 * `recipe-invalid` for an invalid expression, and for one that neither engine can match in bounded time.
 */
export function compilePattern(source: string, flags: PatternFlags = {}): Pattern {
  const read = readPattern(source, flags);
  if ('code' in read)
    throw new Fault('recipe-invalid', `/${source}/ ${read.en}`, {
      hint: 'Write the pattern in another way.',
    });
  const { native, parsed } = read;
  /** Created on demand. */
  let linear: FindIn | UnsupportedPattern | null = null;
  const find = (text: string, maxCount: number): RegExpExecArray[] => {
    if (stepsOn(parsed, flags, text) <= NATIVE_STEPS) return findNative(native, text, maxCount);
    linear ??= createLinearEngine(parsed, flags);
    const found = 'reason' in linear ? null : linear(text, maxCount);
    if (found === null) throw tooLong(source, text);
    return found;
  };
  return {
    source,
    test: (text) => find(text, 1).length > 0,
    first: (text) => find(text, 1)[0] ?? null,
    all: (text, maxCount = Infinity) => find(text, maxCount),
    steps: (text) =>
      Math.min(
        stepsOn(parsed, flags, text),
        sizeOf(parsed.root) * (depthOf(parsed.root) + 1) * (text.length + 1),
      ),
  };
}

/** The reason why a text is no valid pattern, as the end of a sentence; `null` for a valid pattern. */
export function patternProblem(source: string, flags: PatternFlags = {}): CodedText | null {
  const read = readPattern(source, flags);
  return 'code' in read ? read : null;
}

interface ReadPattern {
  readonly native: RegExp;
  readonly parsed: ParsedPattern;
}

function readPattern(source: string, flags: PatternFlags): ReadPattern | CodedText {
  if (source.length > LONGEST_SOURCE) return patternText('pattern-too-long', LONGEST_SOURCE);
  let native: RegExp;
  try {
    native = new RegExp(source, nativeFlags(flags));
  } catch (error) {
    // The message of the engine repeats the pattern before the reason.
    const reason = error instanceof SyntaxError ? error.message.split(': ').at(-1) : undefined;
    const right = suggestCorrection(source, reason ?? '') ?? NO_TEXT;
    return patternText('pattern-invalid', reason === undefined ? NO_TEXT : engineReason(reason), right);
  }
  const parsed = parsePattern(source);
  if (parsed === null) return patternText('pattern-too-deep');
  const { root } = parsed;
  if (sizeOf(root) > NATIVE_SIZE) return patternText('pattern-repeats');
  const reason = unsupportedReason(root);
  if (reason === null) return { native, parsed };
  const starts = isAnchored(root) && flags.multiline !== true ? 1 : LONGEST_TEXT + 1;
  if (stepsPerStart(root, LONGEST_TEXT) * starts <= NATIVE_STEPS) return { native, parsed };
  return patternText('pattern-slow', reason);
}

/** The most steps that the native engine needs for all matches in a text. */
function stepsOn({ root }: ParsedPattern, flags: PatternFlags, text: string): number {
  const perStart = stepsPerStart(root, text.length);
  const anywhere = perStart * (text.length + 1);
  if (anywhere <= NATIVE_STEPS || perStart > NATIVE_STEPS) return anywhere;
  return perStart * countStarts(root, flags, text) + text.length;
}

/** Number of positions of a text at which a match may begin. */
function countStarts(root: ParsedPattern['root'], flags: PatternFlags, text: string): number {
  let count = 0;
  if (isAnchored(root)) {
    if (flags.multiline !== true) return 1;
    for (let index = 0; index < text.length; index++) if (isLineEnd(text.charCodeAt(index))) count += 1;
    return count + 1;
  }
  const startsWith = flags.ignoreCase === true ? '' : literalStart(root);
  if (startsWith === '') return text.length + 1;
  for (let offset = text.indexOf(startsWith); offset !== -1; offset = text.indexOf(startsWith, offset + 1))
    count += 1;
  return count;
}

function findNative(native: RegExp, text: string, maxCount: number): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  native.lastIndex = 0;
  while (found.length < maxCount) {
    const match = native.exec(text);
    if (match === null) break;
    if (!isInsideOfCharacter(text, match)) found.push(match);
    if (match[0] === '') native.lastIndex = nextPlace(text, native.lastIndex);
  }
  return found;
}

/** V8 finds an empty match between the halves of a surrogate pair, which the standard does not allow. */
function isInsideOfCharacter(text: string, { 0: whole, index }: RegExpExecArray): boolean {
  return whole === '' && index > 0 && (text.codePointAt(index - 1) ?? 0) > 0xffff;
}

function tooLong(source: string, text: string): Fault {
  return new Fault('recipe-invalid', `/${source}/ could take too long on ${text.length} characters`, {
    hint: 'Begin the pattern with ^ or with the letters that it looks for, and repeat less in it.',
  });
}
