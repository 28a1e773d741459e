import { expect, it, test } from 'vitest';
import { createTextEncoder, decodeText, TEXT_ENCODINGS } from '#shared/codec/text-encoding.ts';
import { LineReader } from '#shared/codec/text-lines.ts';

/** Bytes as Python's codecs write them: "电压".encode('gb18030').hex(), … */
it.each([
  ['gb18030', '电压=3.3', 'b5e7d1b93d332e33'],
  ['gbk', '电压=3.3', 'b5e7d1b93d332e33'],
  ['gb18030', '㐀😀€', '8139ee399439fc36a2e3'],
  ['big5', '電壓', 'b971c0a3'],
  ['windows-1252', 'é€', 'e980'],
  ['utf-8', '电', 'e794b5'],
] as const)('%s encodes %s as other implementations do', (encoding, text, hex) => {
  expect(Buffer.from(createTextEncoder(encoding)(text) ?? []).toString('hex')).toBe(hex);
  expect(decodeText(Buffer.from(hex, 'hex'), encoding)).toBe(text);
});

it.each([
  ['gbk', '😀'],
  ['windows-1252', '电'],
  ['utf-8', '\ud83d'],
] as const)('%s has no %j', (encoding, text) => {
  expect(createTextEncoder(encoding)(text)).toBeNull();
});

test('plain text is the same in each', () => {
  const text = 'AT+X="a,b"\\~ 09\r\n';
  for (const encoding of TEXT_ENCODINGS)
    expect(Buffer.from(createTextEncoder(encoding)(text) ?? []).toString('latin1')).toBe(text);
});

test('a line of a console in GB18030 is read completely, however the bytes are split', () => {
  const line = Buffer.concat([
    Buffer.from(createTextEncoder('gb18030')('状态=正常') ?? []),
    Buffer.from('\n'),
  ]);
  for (let cut = 1; cut < line.length; cut++) {
    const reader = new LineReader('gb18030', 100);
    const lines = [...reader.push(line.subarray(0, cut)), ...reader.push(line.subarray(cut))];
    expect(lines).toEqual([{ text: '状态=正常', noise: 0, unusual: 0 }]);
  }
});
