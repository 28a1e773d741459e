import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../../shared/codec/utf8.ts';

describe('strict UTF-8', () => {
  it("equals Node's for well-formed text, in both directions", () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(Buffer.from(encodeUtf8(text)).equals(Buffer.from(text))).toBe(true);
        expect(decodeUtf8(encodeUtf8(text))).toBe(text);
      }),
    );
  });

  it('keeps a byte order mark, which is a character like any other inside a text', () => {
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\uFEFFa');
  });

  it('refuses half a character instead of replacing it', () => {
    expect(() => encodeUtf8('a\ud83d')).toThrow(expect.objectContaining({ code: 'bad-input' }));
    expect(decodeUtf8(Uint8Array.of(0xe4, 0xbd))).toBeNull();
    expect(decodeUtf8(Uint8Array.of(0xc0, 0xaf))).toBeNull();
  });
});
