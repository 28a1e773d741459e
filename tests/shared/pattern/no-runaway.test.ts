import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateLimits, limits } from '#shared/domain/limits.ts';
import { compilePattern, patternProblem } from '#shared/pattern/index.ts';
import { toProgram } from '#shared/pattern/program.ts';
import { createMatcher, countStates } from '#shared/pattern/run-program.ts';
import { parsePattern } from '#shared/pattern/syntax.ts';

/** As much as a wire keeps of what a unit says. */
const LONG = 16_384;

/** Known to take the native engine longer than anybody lives, or, the last ones, minutes. */
const CATASTROPHIC: readonly (readonly [source: string, attack: string])[] = [
  ['^(?:([A-Z0-9]+-?)+[0-9]{2})$', `${'A'.repeat(60)}!`],
  ['(a+)+$', `${'a'.repeat(LONG - 1)}!`],
  ['^([a-zA-Z]+)*$', `${'a'.repeat(LONG - 1)}!`],
  ['(a|aa)+$', `${'a'.repeat(LONG - 1)}!`],
  ['(a|a?)+=', `${'a'.repeat(LONG - 1)}!`],
  ['(.*a){12}$', `${'a'.repeat(LONG - 1)}!`],
  ['((a*)*)*b', 'a'.repeat(LONG)],
  ['(?:(?:a?)+)+b', 'a'.repeat(LONG)],
  ['(?=(?:a+)+b)a', 'a'.repeat(LONG)],
  ['(?<!(?:a+)+c)b', 'a'.repeat(LONG)],
  ['^(([a-z])+.)+[0-9]([a-z])+$', 'a'.repeat(LONG)],
  ['([a-z0-9]+[.]?)+@', 'a'.repeat(LONG)],
  ['^(\\w+\\s?)*$', `${'ab '.repeat(LONG / 3)}!`.slice(-LONG)],
  ['^(?:(?:中|[\\p{Script=Han}])+)+$', `${'中'.repeat(LONG - 1)}a`],
  ['.*.*.*.*.*=.*', 'x'.repeat(LONG)],
  ['\\s+\\s+\\s+$', `${' '.repeat(LONG - 1)}x`],
];

/** How many characters the linear engine looks at for all matches in a text, and how many it may. */
function looks(source: string, text: string): { readonly made: number; readonly maxStates: number } | null {
  const parsed = parsePattern(source);
  if (parsed === null) return null;
  let made = 0;
  const program = toProgram(parsed, false, (one) => {
    const native = new RegExp(`^(?:${one})$`, 'u');
    return (codePoint) => {
      made += 1;
      return native.test(String.fromCodePoint(codePoint));
    };
  });
  if ('reason' in program) return null;
  const matchAt = createMatcher(program, text);
  for (let at = 0; at <= text.length;) at = Math.max(at + 1, matchAt(at)?.[1] ?? 0);
  return { made, maxStates: countStates(program, text.length) };
}

const piece = fc.constantFrom(
  'a',
  '.',
  '[ab]',
  'a+',
  '.*',
  'a?',
  '(a|a)',
  '(?:a*)',
  '^',
  '$',
  '(?=a*b)',
  'ab',
);
const sign = fc.constantFrom('', '+', '*', '{2,}', '{1,9}', '?', '+?', '*?');
const level = (inner: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(inner, { minLength: 1, maxLength: 3 }), sign)
    .map(([parts, end]) => `(${parts.join('')})${end}`);
const nested = level(level(level(piece)));

describe('a pattern with catastrophic backtracking', () => {
  it('is matched in a number of steps limited by its states, whatever its shape', () => {
    const shapes = fc.oneof(nested, fc.constantFrom(...CATASTROPHIC.map(([source]) => source)));
    fc.assert(
      fc.property(shapes, fc.constantFrom('!', 'b', ''), (source, end) => {
        const { made, maxStates } = looks(source, `${'a'.repeat(60)}${end}`) ?? { made: 0, maxStates: 0 };
        // What led to a match counts once more for the next.
        expect(made).toBeLessThanOrEqual(2 * maxStates);
      }),
      { numRuns: 300, examples: [['.*.*.*=', '']] },
    );
  });

  it.each(CATASTROPHIC)('/%s/ ends', (source, attack) => {
    expect(patternProblem(source)).toBeNull();
    expect(compilePattern(source).first(attack)).toBeNull();
    expect(compilePattern(source, { multiline: true, ignoreCase: true }).test(attack)).toBe(false);
  });

  it('still finds matches with their groups', () => {
    const match = compilePattern('(?<code>(?:[A-Z0-9]+-?)+)=(?<value>\\d+)').first(
      `${'AB-'.repeat(5000)}X9=42;`,
    );
    expect(match?.groups?.['value']).toBe('42');
    expect(match?.groups?.['code']).toHaveLength(15_002);
    expect(compilePattern('(\\d+(?:,\\d+)*)').all('1,2;'.repeat(4000))).toHaveLength(4000);
  });

  it('of any shape ends on a long text, or is refused', () => {
    fc.assert(
      fc.property(nested, fc.constantFrom('!', 'b', ''), (source, end) => {
        if (patternProblem(source) !== null) return;
        const text = `${'a'.repeat(2000)}${end}`;
        const match = compilePattern(source).first(text);
        if (match !== null) expect(text.startsWith(match[0], match.index)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, RegExp]>([
    ['(a*)\\1b', /a reference to what a group matched/],
    ['(?<n>a+)+\\k<n>', /a reference to what a group matched/],
    ['(?=(a+))b', /a group that looks ahead or behind/],
    ['(a{1,1000}){1,1000}', /counts/],
    ['a{100000}', /counts/],
    ['(?:x?){5000}', /counts/],
    [`${'('.repeat(150)}a${')'.repeat(150)}`, /nested too deep/],
    ['a'.repeat(5000), /more than 4096/],
    ['(a', /is not a regular expression/],
  ])('that neither engine can be trusted with is refused: %.30s', (source, why) => {
    expect(patternProblem(source)?.en).toMatch(why);
    expect(() => compilePattern(source)).toThrow(why);
    expect(limits.safeParse({ pattern: source }).error?.issues[0]?.message).toMatch(why);
  });

  it('with long counts matches texts of units, and is an error for texts that are too long', () => {
    const picture = compilePattern('\\+IMG:([0-9A-F]{1024})', { multiline: true });
    expect(picture.first(`${'boot\n'.repeat(2000)}+IMG:${'A0'.repeat(512)}\n`)?.[1]).toHaveLength(1024);
    const anywhere = compilePattern('[0-9a-f]{900}x');
    expect(anywhere.test('a'.repeat(2000))).toBe(false);
    expect(() => anywhere.test('a'.repeat(LONG))).toThrow(/could take too long on 16384/);
  });

  it.each(['^(\\w)\\1$', '^(?<head>[A-Z])\\d{4}\\k<head>$', '^(?=(\\d))\\1$'])(
    '/%s/ refers back and is quick all the same',
    (source) => expect(patternProblem(source)).toBeNull(),
  );

  it('works as a limit; a text that is too long is an error without an outcome', () => {
    expect(evaluateLimits(`${'a'.repeat(LONG)}!`, { pattern: '^(a+)+$' })).toBe('fail');
    expect(evaluateLimits('a'.repeat(LONG), { pattern: '^(a+)+$' })).toBe('pass');
    expect(() => evaluateLimits('a'.repeat(5_000_000), { pattern: '^(a+)+b$' })).toThrow(
      /could take too long on 5000000/,
    );
  });
});
