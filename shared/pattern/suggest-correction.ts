/** Signs that may be escaped; within `[ ]` also `-`. */
const ESCAPED = String.raw`^$\.*+?()[]{}|/`;
const LETTERS = /[dDwWsSbBtnrvfcxupPk0-9]/;
/** Letter escapes of other dialects and their replacement. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  A: 'the beginning of a line is ^',
  Z: 'the end of a line is $',
  z: 'the end of a line is $',
  h: 'a blank or tab is [ \\t], a digit of hex is [0-9A-Fa-f]',
  R: 'the end of a line is \\n',
  Q: 'every sign is escaped by itself',
  e: 'the character is \\x1b',
  a: 'the character is \\x07',
};

/**
 * A correction of a pattern that the engine refuses, as the end of a sentence; `null` when none is known.
 *
 * @param why the message of the engine
 */
export function suggestCorrection(source: string, why: string): string | null {
  if (source.includes('(?P<')) return 'a group with a name is written (?<name>…)';
  if (/\(\?[aimsuxLU]+\)/.test(source)) return 'there are no flags: either letter is written as [Aa]';
  if (/\[:[a-z]+:\]/.test(source)) return 'a digit is written \\d, a letter [A-Za-z]';
  if (/Invalid escape/i.test(why)) return ofEscape(source);
  if (/Nothing to repeat/.test(why)) {
    const sign = /(?:^|[(|^])([*+?])/.exec(source)?.[1] ?? '+';
    return `a ${sign} that the unit says is written \\${sign}`;
  }
  if (/quantifier/i.test(why)) {
    const sign = /(?<!\\)[{}\]]/.exec(source)?.[0] ?? '{';
    return `a ${sign} that the unit says is written \\${sign}`;
  }
  if (/Unterminated group/.test(why)) return 'a ( is not closed, or one that the unit says is written \\(';
  if (/Unmatched '\)'/.test(why)) return 'a ) closes nothing, or one that the unit says is written \\)';
  if (/Unterminated character class/.test(why))
    return 'a [ is not closed, or one that the unit says is written \\[';
  if (/Invalid character class/.test(why)) return 'a - in [ ] stands at its end, as [\\w.-]';
  if (/end of pattern/.test(why)) return 'a \\ that the unit says is written \\\\';
  return null;
}

function ofEscape(source: string): string | null {
  let isInside = false;
  for (let at = 0; at < source.length; at++) {
    const sign = source.charAt(at);
    if (sign !== '\\') {
      if (sign === '[') isInside = true;
      if (sign === ']') isInside = false;
      continue;
    }
    const escaped = String.fromCodePoint(source.codePointAt(++at) ?? 0x5c);
    if (ESCAPED.includes(escaped) || (isInside && escaped === '-')) continue;
    if (LETTERS.test(escaped)) continue;
    return ELSEWHERE[escaped] === undefined
      ? `\\${escaped} is no escape: write ${escaped}`
      : `\\${escaped} is of another dialect: ${ELSEWHERE[escaped]}`;
  }
  return null;
}
