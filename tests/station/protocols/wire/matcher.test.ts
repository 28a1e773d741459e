import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatcher } from '../../../../station/protocols/wire/index.ts';
import { isTame } from '../../../../station/protocols/wire/is-tame.ts';
import { faultOf } from '../../support/fault-of.ts';

describe('a tame pattern', () => {
  it.each([
    'OK',
    '^\\+CSQ: (\\d+),(\\d+)$',
    '[Ff]lash size\\s*:\\s*(\\d+)\\s*MB',
    '(?<mac>[0-9A-F]{12})',
    '(?:[0-9A-F]{2})+',
    '(\\d+)?V',
    '[(+*]+\\(?',
    'a|b',
  ])('is /%s/', (source) => expect(isTame(source)).toBe(true));

  it.each(['(a+)+', '(a|a)*', '(a?a?)+', '(a{1,2}){9}', '((a*)b)*', '(?:x+){3,}', '(a)\\1', '(?<n>a)\\k<n>'])(
    'is not /%s/',
    (source) => expect(isTame(source)).toBe(false),
  );
});

describe('matching', () => {
  it('finds what the pattern alone finds, guarded or not, however the text grows', () => {
    const matcher = createMatcher();
    const sources = fc.constantFrom('a+', '^b', '(a|b)+', '(?:ab)+', 'a?b', '(a+)b', '[^a]', '$', 'x*');
    fc.assert(
      fc.property(
        sources,
        fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'x'), maxLength: 300 }),
        (source, text) => {
          const pattern = new RegExp(source, 'gmu');
          expect(matcher.all(pattern, text).map(({ 0: whole, index }) => [whole, index])).toEqual(
            [...text.matchAll(new RegExp(source, 'gmu'))].map(({ 0: whole, index }) => [whole, index]),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('ends a pattern without end, however often it was quick before', async () => {
    const matcher = createMatcher();
    const pattern = /^(a+)+$/u;
    for (let at = 0; at < 20; at++) expect(matcher.all(pattern, 'aaaaaaaa')).toHaveLength(1);
    expect(await faultOf(() => matcher.all(pattern, `${'a'.repeat(40)}b`))).toMatchObject({
      code: 'recipe-invalid',
    });
  });
});
