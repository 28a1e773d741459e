import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonText } from '#shared/codec/json-text.ts';

const acceptsAsNode = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('the JSON text of a user’s file', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(readJsonText(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
    );
  });

  it('is refused exactly where JSON.parse refuses it, after any change of one character', () => {
    const sign = fc.constantFrom(...'{}[]:,"\\u0-1.eE+tn /\n\u0001x');
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(), fc.nat(2), sign, (text, at, removed, added) => {
        const place = at % (text.length + 1);
        const changed = text.slice(0, place) + added + text.slice(place + removed);
        expect(readJsonText(changed).ok).toBe(acceptsAsNode(changed));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"a": 1,\n "b": }', 2, 7, 'a value is missing'],
    ['{version: 1}', 1, 2, 'a key in double quotes or }'],
    ['{"a": 1,}', 1, 9, 'a key in double quotes is missing'],
    ['[1 2]', 1, 4, 'a comma or the closing bracket'],
    ['{"a" 1}', 1, 6, 'a colon is missing'],
    ['', 1, 1, 'a value is missing'],
    ['{"a": "x\ny"}', 1, 7, 'is not closed'],
    ['{} {}', 1, 4, 'goes on after its value'],
    ['{\r\n"键": nul}', 2, 6, 'a value is missing'],
    ['['.repeat(1_000_000), 1, 129, 'nested too deep'],
    ['{"a":'.repeat(200_000), 1, 641, 'nested too deep'],
    [`[${' '.repeat(1_048_576)}]`, 1, 1, 'at most 1048576'],
  ])('names the line and the column of a mistake (%#)', (text, line, column, what) => {
    const read = readJsonText(text);
    expect(read).toMatchObject({ ok: false, problem: { line, column } });
    expect(read.ok ? '' : read.problem.what.en).toContain(what);
  });
});
