import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleJson, visibleLine, visibleText } from '#shared/codec/visible-text.ts';

/** By number, apart from the classes by which the code finds them. */
const RANGES = [
  [0x00, 0x1f], [0x7f, 0x9f], [0xad, 0xad], [0x61c, 0x61c], [0x180e, 0x180e], [0x200b, 0x200f], [0x2028, 0x202e],
  [0x2060, 0x206f], [0xd800, 0xdfff], [0xfe00, 0xfe0f], [0xfeff, 0xfeff], [0xfff9, 0xfffb], [0xe0000, 0xe007f],
] as const; // prettier-ignore
const hazards = RANGES.flatMap(([from, to]) =>
  Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at)),
);

describe('text from outside', () => {
  it.each<[string, string]>([
    ['a\u001b[2K\rPASS', 'a\\x1b[2K\\rPASS'],
    ['one\ntwo\tthree', 'one\\ntwo\\tthree'],
    ['\u009b31m', '\\x9b31m'],
    ['SN\u202e321', 'SN\\u202e321'],
    ['\u2066x\u2069\u2028\u2029\u200b\ufeff', '\\u2066x\\u2069\\u2028\\u2029\\u200b\\ufeff'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud83d', '\\ud83d'],
    ['C:\\数据 ✓ é 😀', 'C:\\数据 ✓ é 😀'],
  ])('%j is shown as %s', (raw, shown) => {
    expect(visibleLine(raw)).toBe(shown);
  });

  it('contains no character that hides, moves or reverses text', () => {
    expect(hazards.filter((char) => visibleLine(`a${char}b`).includes(char))).toEqual([]);
    expect(hazards.filter((char) => visibleJson(`a${char}b`).includes(char))).toEqual([]);
    expect(hazards.filter((char) => visibleText(`a${char}b`).includes(char))).toEqual(['\t', '\n']);
  });

  it('keeps line breaks where several lines are meant, and no carriage return alone', () => {
    expect(visibleText('one\r\ntwo\nPASS\rFAIL\tx')).toBe('one\r\ntwo\nPASS\\rFAIL\tx');
  });

  it('has the same value after JSON', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom(...hazards), fc.string({ unit: 'binary', maxLength: 1 })),
    });
    fc.assert(
      fc.property(fc.record({ text, nested: fc.array(text) }), (value) => {
        const line = visibleJson(value);
        expect(JSON.parse(line)).toEqual(value);
        expect(visibleLine(line)).toBe(line);
      }),
    );
  });
});
