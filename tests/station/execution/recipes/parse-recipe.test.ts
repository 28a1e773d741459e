import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { inspectRecipe, parseRecipe } from '#station';
import { faultOf } from '../../../support/fault-of.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { depth } from '../../../support/depth.ts';

const SHIPPED = new URL('../../../../resources/recipes/at-wifi-module.yaml', import.meta.url);

const RICH = new URL('../../../fixtures/weather-sensor/weather-sensor.yaml', import.meta.url);

/** Where the first problem is said to be, as an editor would jump there. */
function place(source: string): string {
  const [issue] = inspectRecipe(source).issues;
  return issue === undefined ? 'valid' : `${issue.line}:${issue.column} ${issue.message}`;
}

describe('a recipe as a file', () => {
  it('is stored as written, and its hash does not depend on line ends', () => {
    const source = readFileSync(SHIPPED, 'utf8').replaceAll('\r\n', '\n');
    const parsed = parseRecipe(source, 'recipe');
    expect(parsed.source).toBe(source);
    expect(parseRecipe(source.replaceAll('\n', '\r\n'), 'recipe').hash).toBe(parsed.hash);
    expect(parseRecipe(`${source}# changed\n`, 'recipe').hash).not.toBe(parsed.hash);
    expect(parsed.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is read once for all that use it, so that none of them can change it', () => {
    const { recipe } = parseRecipe(moduleRecipe(), 'recipe');
    expect(parseRecipe(moduleRecipe(), 'recipe').recipe).toBe(recipe);
    const open: string[] = [];
    const look = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) open.push(path);
      for (const [key, part] of Object.entries(value)) look(part, `${path}.${key}`);
    };
    look(recipe, 'recipe');
    expect(open).toEqual([]);
    expect(() => recipe.phases.reverse()).toThrow(TypeError);
  });

  it.each<[string, string, RegExp]>([
    ['keys within keys', `${'? '.repeat(40)}a`, /^1:\d+ a key of a recipe is one word/],
    ['keys within keys without end', `${'? '.repeat(60_000)}a`, /^1:201 .*nested too deep/],
    ['keys within keys in one line', `name: ${'{['.repeat(40)}a${']: 1}'.repeat(40)}`, /one word/],
    [
      'keys without end',
      Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join('\n'),
      /^1:1 .*at most 131072 characters/,
    ],
    ['deep lists', '['.repeat(60_000), /^1:101 .*nested too deep/],
    ['deep objects', `name: x\nphases:\n${'{a: '.repeat(20_000)}`, /^3:397 .*nested too deep/],
    ['deep lists of lists', `name: x\n${'- '.repeat(60_000)}`, /nested too deep/],
    [
      'an object of many keys',
      Array.from({ length: 9000 }, (_, i) => `k${i}: 1`).join('\n'),
      /^1001:\d+ .*at most 1000 entries/,
    ],
    ['many signs', `name: [${','.repeat(120_000)}]`, /^1:\d+ .*at most 30000 words and signs/],
    ['many escapes', `name: "${'\\x'.repeat(60_000)}"`, /^1:\d+ .*at most 30000 words and signs/],
    ['many directives', '%X a\n'.repeat(20_000), /^\d+:1 .*at most 30000 words and signs/],
    ['many mistakes', '}'.repeat(120_000), /^1:\d+ .*at most 30000 words and signs/],
  ])('is refused at once when it has %s', (_what, source, words) => {
    expect(place(source)).toMatch(words);
  });

  it('reports a bounded number of problems', () => {
    expect(inspectRecipe('}\n'.repeat(30_000)).issues.length).toBeLessThan(1000);
  });

  it.each<[string, (source: string) => string, RegExp]>([
    ['an unknown key', (s) => s.replace('version: 1.0.0', 'version: 1.0.0\ncolour: red'), /^4:1 .*colour/],
    ['an unknown verb', (s) => s.replace('verb: burn-triple', 'verb: dance'), /^16:21 .*steps\.0\.verb/],
    ['a wrong type', (s) => s.replace('timeoutMs: 20000', 'timeoutMs: soon'), /^\d+:\d+ .*timeoutMs/],
    ['a pattern that is none', (s) => s.replace('SN\\d{6}', 'SN('), /^6:\d+ .*regular expression/],
    [
      'a pattern that nobody can match safely',
      (s) => s.replace('SN\\d{6}', '(?<n>\\d*)\\k<n>'),
      /^6:\d+ serialNumber\.pattern: could take too long to match because of a reference .*write it without/,
    ],
    ['a key left out', (s) => s.replace(/^product:.*\n/m, ''), /^1:1 product/],
    ['a key twice', (s) => `${s}name: again\n`, /^\d+:1 this key is written twice/],
    ['a bracket left open', (s) => s.replace('en: Test }', 'en: Test'), /^\d+:\d+ /],
    ['an alias to nothing', (s) => s.replace('version: 1.0.0', 'version: *nothing'), /^3:10 .*alias/],
    ['two documents', (s) => `${s}---\n${s}`, /^\d+:\d+ .*is one document/],
    ['nothing', () => '', /^1:1 recipe/],
    ['a list', () => '- 1\n', /^1:1 recipe/],
    ['bytes', () => '\u0000\u0001\u0002', /^1:1 /],
  ])('with %s is refused by line and column', (_what, spoil, where) => {
    expect(place(spoil(moduleRecipe()))).toMatch(where);
    expect(place(moduleRecipe())).toBe('valid');
  });

  it('that expands without end is refused before it is expanded', () => {
    const rows = [...'bcdefghij'].map((name, n) => {
      const before = 'abcdefghi'[n] ?? 'a';
      return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(',')}]`;
    });
    expect(place(`a: &a [x]\n${rows.join('\n')}\n`)).toMatch(/^2:8 .*alias/);
  });

  it('of arbitrary text is accepted, or refused in one line, without a defect', async () => {
    const base = moduleRecipe();
    const cut = fc.tuple(fc.nat(base.length), fc.nat(40), fc.string({ unit: 'binary', maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), cut), async (change) => {
        const source =
          typeof change === 'string'
            ? change
            : base.slice(0, change[0]) + change[2] + base.slice(change[0] + change[1]);
        const { parsed, issues } = inspectRecipe(source);
        expect(parsed === null).toBe(issues.length > 0);
        for (const { line, column } of issues) expect(line >= 1 && column >= 1).toBe(true);
        if (parsed !== null) return;
        const fault = await faultOf(() => parseRecipe(source, 'r.yaml'));
        expect(fault.code).toBe('recipe-invalid');
        expect(fault.message).toMatch(/^r\.yaml:\d+:\d+: .+$/);
      }),
      {
        numRuns: depth({ short: 40, long: 300 }),
        examples: [[[239, 0, '\r']], [[239, 0, '"\u2028": 1, ']]],
      },
    );
  });

  it('with arbitrary values in wrong places is refused with a position, without a defect', () => {
    const valid = parse(readFileSync(RICH, 'utf8')) as unknown;
    const places = placesIn(valid);
    const value = fc.oneof(
      fc.constantFrom(null, '', 0, -1, 1.5, true, [], {}, '${x}', '{mac', 'expct', '(', [[]], {
        a: { b: [1] },
      }),
      fc.string({ maxLength: 5 }),
    );
    const change = fc.tuple(
      fc.constantFrom(...places),
      fc.option(fc.constantFrom('measure', 'x', '0')),
      value,
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = JSON.parse(JSON.stringify(valid)) as unknown;
        for (const [path, extra, instead] of changes) {
          const inside = path
            .slice(0, -1)
            .reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], changed);
          if (typeof inside !== 'object' || inside === null) continue;
          (inside as Record<string, unknown>)[extra ?? path.at(-1) ?? ''] = instead;
        }
        const { parsed, issues } = inspectRecipe(
          stringify(changed),
          new Map([['wind.ts', new Uint8Array()]]),
        );
        expect(parsed === null).toBe(issues.length > 0);
        for (const { line, column, message } of issues) {
          expect(line >= 1 && column >= 1).toBe(true);
          expect(message).not.toMatch(/undefined|Invalid input|\[object/);
        }
      }),
      { numRuns: depth({ short: 40, long: 100 }) },
    );
  });
});

/** Every place of a value, as keys from its root. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, item]) => placesIn(item, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}
