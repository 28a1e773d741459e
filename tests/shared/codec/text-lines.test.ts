import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { cleanLine, LineReader } from '#shared/codec/text-lines.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const read = (...chunks: (string | Buffer)[]): string[] => {
  const reader = new LineReader('utf-8', 100);
  return chunks
    .flatMap((chunk) => reader.push(typeof chunk === 'string' ? bytes(chunk) : chunk))
    .map(({ text }) => text);
};

describe('a line as a terminal shows it', () => {
  it.each([
    ['colours of a log', '\x1b[1;33mW (88) pwr: V=3301\x1b[0m', 'W (88) pwr: V=3301'],
    ['colours within', 'V=\x1b[7m3301\x1b[27m mV', 'V=3301 mV'],
    ['a reset that came behind the end of the line before', '\x1b[0mV=1', 'V=1'],
    ['moves of the cursor', '\x1b[2K\x1b[1Gready\x1b[?25h', 'ready'],
    ['a title of a window', '\x1b]0;unit 7\x07ready', 'ready'],
    ['a title that ends by ST', '\x1b]2;unit\x1b\\ready', 'ready'],
    ['a choice of characters', '\x1b(B\x1b=ready', 'ready'],
    ['a private string', '\x1bP1$r0m\x1b\\ready', 'ready'],
    ['zeros and ones before', '\x00\xff\xffV=1', 'V=1'],
    ['zeros and ones behind', 'V=1\xff\x00', 'V=1'],
    ['a break and DEL', '\x7f\x00V=1\x7f', 'V=1'],
    ['an erased character behind', 'V=1 \b \b', 'V=1 '],
    ['flow control', 'V=\x1133\x1301', 'V=3301'],
    ['blanks stay', '  V = 1\t', '  V = 1\t'],
  ])('is without %s', (_what, line, clean) => {
    expect(read(`${line}\r\n`)).toEqual([clean]);
  });

  it('does not remove noise between characters, because the original character is unknown', () => {
    expect(read('V=3\xff01\n', 'V=3\x0001\n')).toEqual(['V=3\ufffd01', 'V=3\x0001']);
  });

  it('does not remove the end of an answer in another encoding, so that it is refused', () => {
    const state = Buffer.from('53543dd5fdb3a3', 'hex'); // ST=正常 in GB18030
    const behind = ['', '\0', '\xff', '\x1b[0m', ' \x1b[0m\0'].map((text) =>
      Buffer.concat([state, bytes(text)]),
    );
    for (const line of behind) expect(read(line, '\r\n')[0]).toMatch(/^ST=\ufffd{4,5} ?$/u);
    // Bytes at random are no Chinese that anybody writes.
    expect(read('ST=1\xfe\x80\r\n', 'ST=1\xe0\r\n')).toEqual(['ST=1', 'ST=1']);
  });

  it('of windows-1252 loses 0xFF at its ends and keeps it inside, where it is a letter', () => {
    const reader = new LineReader('windows-1252', 100);
    const [line] = reader.push(bytes('\0\xffTroms\xff \xb0C\xff\0\n'));
    expect(line?.text).toBe('Tromsÿ °C');
  });

  it('without control sequences and noise is unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!/[\p{Cc}\ufffd]/u.test(text));
        expect(cleanLine(text)).toBe(text);
      }),
    );
  });
});

test('CR, LF and CR LF end a line, however the bytes are split', () => {
  const whole = 'a\rb\nc\r\nd\r\n\r\ne';
  fc.assert(
    fc.property(fc.array(fc.nat(whole.length), { maxLength: 5 }), (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
      const parts = at.slice(1).map((end, index) => whole.slice(at[index] ?? 0, end));
      expect(read(...parts)).toEqual(['a', 'b', 'c', 'd', '']);
    }),
  );
});

test('a line without end keeps its last bytes without half a character or sequence', () => {
  expect(read(`${'x'.repeat(300)}END\n`)).toEqual([`${'x'.repeat(97)}END`]);
  const reader = new LineReader('utf-8', 100);
  reader.push(Buffer.from('T=温'.slice(0, 3)));
  reader.push(Buffer.from('度').subarray(0, 2));
  expect(reader.begun.text).toBe('T=温');
  reader.push(Buffer.from('度').subarray(2));
  reader.push(bytes('\x1b[0;3'));
  expect(reader.begun.text).toBe('T=温度');
});
