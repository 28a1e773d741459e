import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUtf8Text, requireUtf8Text, withoutBom } from '../../../shared/codec/text-file.ts';

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));
const BOM = [0xef, 0xbb, 0xbf];
/** 测试 */
const GBK = [0xb2, 0xe2, 0xca, 0xd4];
const utf16 = (text: string, bigEndian = false): Uint8Array => {
  const little = Buffer.from(text, 'utf16le');
  return bigEndian ? little.swap16() : little;
};

describe('a text file', () => {
  it('is read with and without a byte order mark as the same text', () => {
    for (const head of [[], BOM, [...BOM, ...BOM]])
      expect(readUtf8Text(bytes(head, 'a: 工位😀\r\n'))).toEqual({ ok: true, text: 'a: 工位😀\r\n' });
    expect(withoutBom(bytes(BOM, '{}'))).toEqual(bytes('{}'));
  });

  it.each([
    ['GBK', bytes('a: 1\nt: ', GBK, '\n'), 2, 4, /not UTF-8 text; it reads as GB18030/],
    ['GBK behind a byte order mark', bytes(BOM, '工: ', GBK), 1, 4, /not UTF-8 text/],
    ['a byte of Latin-1', bytes('x\n\ny', [0xe9], ' z\n'), 3, 2, /not UTF-8 text/],
    ['a character cut off at the end', bytes('{"a":"', [0xe5, 0xb7]), 1, 7, /ends within a character/],
    ['an overlong form', bytes([0xc0, 0xaf]), 1, 1, /not UTF-8/],
    ['half a surrogate pair', bytes('ab', [0xed, 0xa0, 0x80]), 1, 3, /not UTF-8/],
    ['UTF-16, little endian', bytes([0xff, 0xfe], [...utf16('a: 1')]), 1, 1, /is UTF-16 text, not UTF-8/],
    ['UTF-16, big endian', bytes([0xfe, 0xff], [...utf16('a: 1', true)]), 1, 1, /is UTF-16 text/],
    ['UTF-16 without a mark', utf16('gongwei: recipe/1'), 1, 2, /is UTF-16 text/],
    ['UTF-16 without a mark that begins in Chinese', utf16('工位一: recipe/1 测试'), 1, 1, /is UTF-16 text/],
    ['UTF-16 without a mark, big endian', utf16('gongwei: 一 recipe/1', true), 1, 1, /is UTF-16 text/],
    ['UTF-32', bytes([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), 1, 1, /is UTF-32 text/],
    ['a character that was lost before', bytes(BOM, 'a: 1\n工: \uFFFD\n'), 2, 4, /holds U\+FFFD in place/],
    ['a NUL in between', bytes('ab\nc', [0], 'd'), 2, 2, /holds a NUL byte/],
  ])('of %s is refused with its place', (_name, content, line, column, what) => {
    expect(readUtf8Text(content)).toEqual({
      ok: false,
      problem: {
        line,
        column,
        what: expect.objectContaining({ en: expect.stringMatching(what) as string }) as object,
      },
    });
    expect(() => requireUtf8Text(content, 'f.yaml')).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        message: expect.stringMatching(`^f.yaml:${line}:${column}: this file `) as string,
        hint: expect.stringContaining('UTF-8') as string,
        details: { file: 'f.yaml', line, column },
      }),
    );
  });

  it('is either the written text or refused, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (content) => {
        const read = readUtf8Text(content);
        if (read.ok) expect(Buffer.from(read.text)).toEqual(Buffer.from(withoutBom(content)));
        else if (!content.includes(0) && !Buffer.from(content).includes('\ufffd'))
          expect(() => new TextDecoder('utf-8', { fatal: true }).decode(content)).toThrow();
      }),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => !/[\0\ufeff\ufffd]/.test(text)),
        (text) => {
          expect(readUtf8Text(Buffer.from(text))).toEqual({ ok: true, text });
        },
      ),
    );
  });
});
