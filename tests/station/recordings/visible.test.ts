import { expect, it } from 'vitest';
import { visible } from '../../../station/recordings/index.ts';

const of = (text: string): string => visible(Buffer.from(text, 'latin1'));

it('shows bytes as people read them', () => {
  expect(of('AT\r\n')).toBe('AT\\r\\n');
  expect(visible(Buffer.from('温度=25℃\n'))).toBe('温度=25℃\\n');
  expect(of('a\\n\t"')).toBe('a\\\\n\\t"');
  // Garbage before an answer leaves the answer readable; frames are hex.
  expect(of('\x9b\xffOK\r\n')).toBe('\\x9b\\xffOK\\r\\n');
  expect(of('\xaa\x55\x02\x82\x1a\x9c')).toBe('AA 55 02 82 1A 9C');
  expect(of('\0\0\0\0')).toBe('00 00 00 00');
  expect(of(`KEY=${'*'.repeat(24)}.`)).toBe('KEY=***.');
  expect(of('')).toBe('');
});

it('in the encoding of the unit', () => {
  expect(visible(Buffer.from('d7b4ccac3d8139ee390d0aff', 'hex'), 'gb18030')).toBe('状态=㐀\\r\\n\\xff');
  expect(visible(Buffer.from('e90a', 'hex'), 'windows-1252')).toBe('é\\n');
});
