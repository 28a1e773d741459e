import type { CodedText } from '../words/index.ts';
import { patternText } from './pattern-texts.ts';

/** Characters that may be escaped; within `[ ]` also `-`. */
const ESCAPABLE_CHARACTERS = String.raw`^$\.*+?()[]{}|/`;
const VALID_ESCAPE_LETTERS = /[dDwWsSbBtnrvfcxupPk0-9]/;
/** Escapes of other dialects, by their letter, and what to write instead. */
const FOREIGN_ESCAPES: Readonly<Record<string, CodedText>> = {
  A: patternText('foreign-begin'),
  Z: patternText('foreign-end'),
  z: patternText('foreign-end'),
  h: patternText('foreign-blank'),
  R: patternText('foreign-line-break'),
  Q: patternText('foreign-quote'),
  e: patternText('foreign-character', '\\x1b'),
  a: patternText('foreign-character', '\\x07'),
};

/**
 * A correction of a pattern that the engine refuses, as the end of a sentence; `null` when none is known.
 *
 * @param message the message of the engine
 */
export function suggestCorrection(source: string, message: string): CodedText | null {
  if (source.includes('(?P<')) return patternText('write-named-group');
  if (/\(\?[aimsuxLU]+\)/.test(source)) return patternText('write-no-flags');
  if (/\[:[a-z]+:\]/.test(source)) return patternText('write-classes');
  if (/Invalid escape/i.test(message)) return correctEscape(source);
  if (/Nothing to repeat/.test(message)) {
    const character = /(?:^|[(|^])([*+?])/.exec(source)?.[1] ?? '+';
    return patternText('write-literal', character);
  }
  if (/quantifier/i.test(message)) {
    const character = /(?<!\\)[{}\]]/.exec(source)?.[0] ?? '{';
    return patternText('write-literal', character);
  }
  if (/Unterminated group/.test(message)) return patternText('write-group-end');
  if (/Unmatched '\)'/.test(message)) return patternText('write-group-begin');
  if (/Unterminated character class/.test(message)) return patternText('write-class-end');
  if (/Invalid character class/.test(message)) return patternText('write-dash-last');
  if (/end of pattern/.test(message)) return patternText('write-backslash');
  return null;
}

function correctEscape(source: string): CodedText | null {
  let isInside = false;
  for (let index = 0; index < source.length; index++) {
    const character = source.charAt(index);
    if (character !== '\\') {
      if (character === '[') isInside = true;
      if (character === ']') isInside = false;
      continue;
    }
    const escaped = String.fromCodePoint(source.codePointAt(++index) ?? 0x5c);
    if (ESCAPABLE_CHARACTERS.includes(escaped) || (isInside && escaped === '-')) continue;
    if (VALID_ESCAPE_LETTERS.test(escaped)) continue;
    const instead = FOREIGN_ESCAPES[escaped];
    return instead === undefined
      ? patternText('escape-none', escaped)
      : patternText('escape-foreign', escaped, instead);
  }
  return null;
}
