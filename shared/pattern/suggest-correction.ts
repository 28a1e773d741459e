/** Characters that may be escaped; within `[ ]` also `-`. */
const ESCAPABLE_CHARACTERS = String.raw`^$\.*+?()[]{}|/`;
const VALID_ESCAPE_LETTERS = /[dDwWsSbBtnrvfcxupPk0-9]/;
/** Escapes of other dialects, by their letter, and what to write instead. */
const FOREIGN_ESCAPES: Readonly<Record<string, string>> = {
  A: 'the beginning is ^',
  Z: 'the end is $',
  z: 'the end is $',
  h: 'a blank or tab is [ \\t], a hexadecimal digit is [0-9A-Fa-f]',
  R: 'a line break is \\n',
  Q: 'escape each character with \\\\',
  e: 'the character is \\x1b',
  a: 'the character is \\x07',
};

/**
 * A correction of a pattern that the engine refuses, as the end of a sentence; `null` when none is known.
 *
 * @param message the message of the engine
 */
export function suggestCorrection(source: string, message: string): string | null {
  if (source.includes('(?P<')) return 'a group with a name is written (?<name>…)';
  if (/\(\?[aimsuxLU]+\)/.test(source)) return 'there are no flags: either letter is written as [Aa]';
  if (/\[:[a-z]+:\]/.test(source)) return 'a digit is written \\d, a letter [A-Za-z]';
  if (/Invalid escape/i.test(message)) return correctEscape(source);
  if (/Nothing to repeat/.test(message)) {
    const character = /(?:^|[(|^])([*+?])/.exec(source)?.[1] ?? '+';
    return `to match a literal ${character}, write \\${character}`;
  }
  if (/quantifier/i.test(message)) {
    const character = /(?<!\\)[{}\]]/.exec(source)?.[0] ?? '{';
    return `to match a literal ${character}, write \\${character}`;
  }
  if (/Unterminated group/.test(message)) return 'a ( is not closed; to match a literal (, write \\(';
  if (/Unmatched '\)'/.test(message)) return 'a ) closes nothing; to match a literal ), write \\)';
  if (/Unterminated character class/.test(message))
    return 'a [ is not closed; to match a literal [, write \\[';
  if (/Invalid character class/.test(message)) return 'write - at the end of [ ], as in [\\w.-]';
  if (/end of pattern/.test(message)) return 'to match a literal \\, write \\\\';
  return null;
}

function correctEscape(source: string): string | null {
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
    return FOREIGN_ESCAPES[escaped] === undefined
      ? `\\${escaped} is no escape: write ${escaped}`
      : `\\${escaped} is of another dialect: ${FOREIGN_ESCAPES[escaped]}`;
  }
  return null;
}
