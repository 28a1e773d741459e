import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '#shared/codec/base64.ts';
import { decodeHex, encodeHex } from '#shared/codec/hex.ts';
import { fillTripleHex, fillTripleText } from '#shared/recipe/index.ts';

const SECRET = 'MDEyMzQ1Njc4OWFiY2RlZg==';
const TRIPLE = { productId: 'PRD1', deviceName: 'dev-7', deviceSecret: SECRET };
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (message: string): string | undefined => {
  const bytes = fillTripleText(message, TRIPLE, utf8);
  return bytes === null ? undefined : Buffer.from(bytes).toString('latin1');
};
const hex = (message: string): string | undefined => {
  const bytes = fillTripleHex(message, TRIPLE);
  return bytes === null ? undefined : Buffer.from(bytes).toString('latin1');
};

describe('a text with a triple', () => {
  it.each([
    ['SET {productId} {deviceName} {deviceSecret}', `SET PRD1 dev-7 ${SECRET}`],
    ['{deviceSecret:bytes}!', `${SECRET}!`],
    ['{deviceName:hex}', '6465762d37'],
    ['{deviceName:HEX}', '6465762D37'],
    ['{deviceName:base64}', 'ZGV2LTc='],
    ['{deviceSecret:length}', '24'],
    ['{deviceSecret:decoded}', '0123456789abcdef'],
    ['{deviceSecret:decodedHex}', Buffer.from('0123456789abcdef').toString('hex')],
    ['{mac} {other} {deviceName:none}', '{mac} {other} {deviceName:none}'],
  ])('%s', (message, expected) => expect(text(message)).toBe(expected));

  it('has bytes that no encoding changes', () => {
    const upper = (part: string): Uint8Array => utf8(part.toUpperCase());
    const bytes = fillTripleText('a{deviceName}{deviceName:bytes}', TRIPLE, upper);
    expect(Buffer.from(bytes ?? []).toString()).toBe('ADEV-7dev-7');
  });

  it('is null where the encoding cannot write it, and where a value is no base64', () => {
    expect(fillTripleText('x', TRIPLE, () => null)).toBeNull();
    expect(text('{deviceName:decoded}')).toBeUndefined();
  });
});

describe('bytes with a triple', () => {
  it.each([
    ['10 {deviceName:length} {deviceName:bytes}', '\u0010\u0005dev-7'],
    ['{deviceName:hex}{deviceName:HEX}', 'dev-7dev-7'],
    ['{deviceName:base64}', 'ZGV2LTc='],
    ['{deviceSecret:decoded} 0A', '0123456789abcdef\n'],
  ])('%s', (message, expected) => expect(hex(message)).toBe(expected));

  it('is null for what is no hex', () => expect(hex('1 {deviceName:bytes}')).toBeUndefined());
});

describe('the encodings', () => {
  it('are those of Node, and come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
        expect(encodeHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(decodeHex(encodeHex(bytes).toUpperCase())).toEqual(bytes);
      }),
    );
  });

  it('take any text without a fault', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const message = `${before}{deviceSecret}${after}`;
        const filled = Buffer.from(fillTripleText(message, TRIPLE, utf8) ?? []);
        expect(filled.includes(SECRET)).toBe(true);
        fillTripleHex(message, TRIPLE);
      }),
    );
  });
});
