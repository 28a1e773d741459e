import { expect, it } from 'vitest';
import { formatBytes } from '../../../../station/execution/recording/index.ts';
import { formatBytesShort } from '../../../../station/execution/recording/format-bytes.ts';

const of = (text: string): string => formatBytes(Buffer.from(text, 'latin1'));

it('shows bytes readably', () => {
  expect(of('AT\r\n')).toBe('AT\\r\\n');
  expect(formatBytes(Buffer.from('温度=25℃\n'))).toBe('温度=25℃\\n');
  expect(of('a\\n\t"')).toBe('a\\\\n\\t"');
  // Garbage before an answer leaves the answer readable; frames are hex.
  expect(of('\x9b\xffOK\r\n')).toBe('\\x9b\\xffOK\\r\\n');
  expect(of('\xaa\x55\x02\x82\x1a\x9c')).toBe('AA 55 02 82 1A 9C');
  expect(of('\0\0\0\0')).toBe('00 00 00 00');
  expect(of(`KEY=${'*'.repeat(24)}.`)).toBe('KEY=***.');
  expect(of('')).toBe('');
});

it('shortens a picture in base64 to its beginning and its length, and nothing else', () => {
  const picture = Buffer.alloc(3_000, 7).toString('base64');
  const line = `{"photoBase64":"${picture}","name":"测试"}\n`;
  expect(formatBytesShort(Buffer.from(line))).toBe(
    `{"photoBase64":"${picture.slice(0, 64)}…(4000 characters in all)","name":"测试"}\\n`,
  );
  const challenge = '0'.repeat(511);
  expect(formatBytesShort(Buffer.from(challenge))).toBe(challenge);
});

it('decodes text in the encoding of the unit', () => {
  expect(formatBytes(Buffer.from('d7b4ccac3d8139ee390d0aff', 'hex'), 'gb18030')).toBe('状态=㐀\\r\\n\\xff');
  expect(formatBytes(Buffer.from('e90a', 'hex'), 'windows-1252')).toBe('é\\n');
});
