import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepsPerStart } from '#shared/pattern/cost.ts';
import { nativeFlags, type PatternFlags } from '#shared/pattern/flags.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import { createLinearEngine } from '#shared/pattern/linear-engine.ts';
import { parsePattern } from '#shared/pattern/syntax.ts';

/** The linear engine on its own, whatever the native one could do. */
function linear(source: string, flags: PatternFlags, text: string): RegExpExecArray[] | null {
  const parsed = parsePattern(source);
  if (parsed === null) return null;
  const find = createLinearEngine(parsed, flags);
  return 'reason' in find ? null : find(text, Infinity);
}

interface Found {
  readonly index: number;
  readonly texts: readonly (string | undefined)[];
  readonly groups: Record<string, string | undefined> | undefined;
}

const told = (matches: Iterable<RegExpExecArray> | null): Found[] =>
  [...(matches ?? [])].map((match) => ({
    index: match.index,
    texts: [...match],
    groups: match.groups === undefined ? undefined : { ...match.groups },
  }));

/** Without the empty matches that V8 finds between the halves of a surrogate pair, against the standard. */
const native = (source: string, flags: PatternFlags, text: string): Found[] =>
  told(text.matchAll(new RegExp(source, nativeFlags(flags)))).filter(
    ({ index, texts }) => texts[0] !== '' || index === 0 || (text.codePointAt(index - 1) ?? 0) <= 0xffff,
  );

const one = fc.constantFrom(
  'a',
  'b',
  'A',
  '.',
  '[ab]',
  '[^a]',
  String.raw`\d`,
  String.raw`\w`,
  String.raw`\s`,
  String.raw`\W`,
  '中',
  '😀',
  String.raw`\u{1F600}`,
  String.raw`\uD83D\uDE00`,
  String.raw`\x61`,
  String.raw`\.`,
  String.raw`\p{Lu}`,
  String.raw`\P{L}`,
  String.raw`[\]\-x]`,
  'ſ',
  String.raw`[^\n]`,
  'K',
);
const edge = fc.constantFrom('^', '$', String.raw`\b`, String.raw`\B`);
const quantifier = fc
  .constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '{0,3}', '{2,5}', '{0}')
  .chain((sign) => fc.constantFrom(sign, `${sign}?`));

/** Patterns as a tree of texts; groups are named later, looks have none inside. */
const { pattern } = fc.letrec<{ pattern: string; plain: string; term: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4 },
    one,
    fc.array(tie('term'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
    fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `${left}|${right}`),
    fc.constant(''),
  ),
  /** Without groups that capture: for what looks around. */
  plain: fc.oneof(
    { maxDepth: 3 },
    one,
    fc.array(one, { minLength: 1, maxLength: 2 }).map((parts) => parts.join('')),
    fc.tuple(tie('plain'), tie('plain')).map(([left, right]) => `(?:${left}|${right})*${left}`),
    fc.tuple(tie('plain'), quantifier).map(([body, sign]) => `(?:${body})${sign}`),
  ),
  term: fc.oneof(
    { maxDepth: 4 },
    one,
    edge,
    fc.tuple(one, quantifier).map(([body, sign]) => body + sign),
    fc.tuple(tie('pattern'), quantifier).map(([body, sign]) => `(?:${body})${sign}`),
    fc.tuple(tie('pattern'), quantifier).map(([body, sign]) => `(${body})${sign}`),
    tie('pattern').map((body) => `(${body})`),
    fc
      .tuple(fc.constantFrom('(?=', '(?!', '(?<=', '(?<!'), tie('plain'))
      .map(([open, body]) => `${open}${body})`),
  ),
}));
const text = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    'A',
    '1',
    ' ',
    '\n',
    '\r',
    '\u2028',
    '中',
    '😀',
    '\uD83D',
    'ſ',
    '\u212A',
    '-',
    '.',
    ']',
  ),
  maxLength: 12,
});

describe('the engine in linear time', () => {
  it('finds the same as the native one: positions, groups, order of preference', () => {
    fc.assert(
      fc.property(pattern, text, fc.boolean(), fc.boolean(), (source, whole, ignoreCase, multiline) => {
        // The native engine is not asked for what it may take ages over.
        const parsed = parsePattern(source);
        const isDear = parsed === null || stepsPerStart(parsed.root, whole.length) > 1e6;
        const given = isDear ? whole.slice(0, 6) : whole;
        const flags = { ignoreCase, multiline };
        const found = linear(source, flags, given);
        // Counted repetitions inside of each other: more than the engine takes.
        fc.pre(found !== null);
        expect(told(found)).toEqual(native(source, flags, given));
      }),
      { numRuns: 2500 },
    );
  });

  it.each<[string, PatternFlags, string]>([
    ['(?<a>x)|(?<b>y)', {}, 'xyx'],
    ['(?:(?<n>a)|(b))*', {}, 'abab'],
    ['(a*)*', {}, 'b'],
    ['(a|b*)*?c', {}, 'abbac'],
    ['(?:a?b??)*', {}, 'abba'],
    ['^(?:序列号：)(?<sn>\\p{Script=Han}+\\d+)$', { multiline: true }, '序列号：中文12\n序列号：码7'],
    ['(?<=\\+VCC:\\s*)\\d+(?!\\d|mA)', {}, '+VCC: 3300mV +VCC:12mA'],
    ['(?=.*[A-Z])(?=.*\\d)[A-Z\\d]{3,5}', {}, 'ab A1B2C3'],
    ['[Ff]lash size\\s*:\\s*(\\d+)\\s*MB', {}, 'Flash size : 4 MB'],
    ['(?:([0-9A-F]{2}):?)+', { ignoreCase: true }, 'aa:bb:CC:dd'],
  ])('finds the same for /%s/', (source, flags, given) => {
    const expected = native(source, flags, given);
    expect(told(linear(source, flags, given))).toEqual(expected);
    expect(told(compilePattern(source, flags).all(given))).toEqual(expected);
  });
});
