import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { blockCheck } from '../../../../simulator/parts/identity/index.ts';
import { LineReader, type ReceivedLine } from '../../../../simulator/parts/at/line-reader.ts';
import { parseCommand, parseParameters } from '../../../../simulator/parts/at/parse-command.ts';
import { matchesFilter } from '../../../../simulator/parts/at/topics.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('the line reader of the module', () => {
  it('ends a line at CR LF only', () => {
    expect(new LineReader().push(bytes('AT\r\nA\nB\rC\r\n\r\n'))).toEqual([
      { kind: 'line', text: 'AT' },
      { kind: 'line', text: 'A\nB\rC' },
      { kind: 'line', text: '' },
    ]);
  });

  it('accepts a line of 256 bytes with its end, and reports a longer one', () => {
    const longest = 'x'.repeat(254);
    expect(new LineReader().push(bytes(`${longest}\r\n`))).toEqual([{ kind: 'line', text: longest }]);
    expect(new LineReader().push(bytes(`${longest}y\r\nAT\r\n`))).toEqual([
      { kind: 'too-long' },
      { kind: 'line', text: 'AT' },
    ]);
  });

  it('reads the same lines from any bytes, however they are split', () => {
    const soup = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(bytes('\r\n'), bytes('AT+'), bytes('"\\,')),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(soup, fc.infiniteStream(fc.integer({ min: 1, max: 50 })), (parts, sizes) => {
        const whole = Buffer.concat(parts);
        const cut = new LineReader();
        const seen: ReceivedLine[] = [];
        for (let at = 0; at < whole.length;) {
          const size = sizes.next().value ?? 1;
          seen.push(...cut.push(whole.subarray(at, at + size)));
          at += size;
        }
        expect(seen).toEqual(new LineReader().push(whole));
      }),
    );
  });
});

describe('the command parser of the module', () => {
  it('knows the four forms', () => {
    expect(parseCommand('AT')).toEqual({ form: 'execute', name: 'AT' });
    expect(parseCommand('ATE0')).toEqual({ form: 'execute', name: 'ATE0' });
    expect(parseCommand('AT+TCMQTTSTATE?')).toEqual({ form: 'query', name: 'AT+TCMQTTSTATE' });
    expect(parseCommand('AT+TCRESTORE=?')).toEqual({ form: 'test', name: 'AT+TCRESTORE' });
    expect(parseCommand('AT+TCDEVINFOSET=1,"P","d"')).toEqual({
      form: 'set',
      name: 'AT+TCDEVINFOSET',
      parameters: [
        { kind: 'number', value: 1, word: '1' },
        { kind: 'text', text: 'P' },
        { kind: 'text', text: 'd' },
      ],
    });
    for (const line of ['at', 'ATI', ' AT', 'AT ', 'AT+', 'AT+lower', 'ATE2'])
      expect(parseCommand(line)).toBeNull();
  });

  it('undoes the escapes of quotes and commas, and of nothing else', () => {
    expect(parseParameters('"{\\"a\\":1\\,\\"b\\":\\"x\\\\n\\"}"')).toEqual([
      { kind: 'text', text: '{"a":1,"b":"x\\n"}' },
    ]);
    expect(parseParameters('"a\\nb"')).toEqual([{ kind: 'text', text: 'a\\nb' }]);
  });

  it('refuses lists that are not well formed', () => {
    for (const list of ['"', '"a,b"', '"a"b', '1a', '"a""b"', '0x1', '1.5', '"a\\"']) {
      expect(parseParameters(list), list).toBeNull();
    }
    expect(parseParameters('')).toEqual([{ kind: 'empty' }]);
    expect(parseParameters('1,')).toEqual([{ kind: 'number', value: 1, word: '1' }, { kind: 'empty' }]);
  });

  it('never throws, whatever the line', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 254 }),
      fc
        .array(
          fc.constantFrom(
            'AT',
            '+',
            'TC',
            'DEVINFOSET',
            '=',
            '?',
            '"',
            '\\',
            ',',
            '1',
            '-',
            '\n',
            '\u00ff',
            'ab',
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(line, (text) => {
        parseCommand(text);
        parseParameters(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('decodes any strings that were escaped by the rules', () => {
    const escape = (text: string): string => `"${text.replace(/[\\",]/g, (char) => `\\${char}`)}"`;
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 60 }), { minLength: 1, maxLength: 5 }), (texts) => {
        expect(parseParameters(texts.map(escape).join(','))).toEqual(
          texts.map((text) => ({ kind: 'text', text })),
        );
      }),
    );
  });
});

describe('the block check', () => {
  it('is the XOR of the bytes of the string, as computed by the C code of the document', () => {
    expect(blockCheck('ZHNkIGRzZCA=')).toBe(116);
    expect(blockCheck('IyXmUW5sU/q1vnb5yzTkeQ==')).toBe(60);
  });
});

describe('topic filters', () => {
  it('match according to MQTT 3.1.1 section 4.7', () => {
    const yes = [
      ['a/b', 'a/b'],
      ['a/+', 'a/b'],
      ['a/#', 'a/b/c'],
      ['a/#', 'a'],
      ['#', 'a/b'],
      ['+/b', '/b'],
    ] as const;
    const no = [
      ['a/b', 'a'],
      ['a/+', 'a'],
      ['a/+', 'a/b/c'],
      ['a', 'a/b'],
      ['+', '/b'],
    ] as const;
    for (const [filter, topic] of yes) expect(matchesFilter(filter, topic), `${filter} ${topic}`).toBe(true);
    for (const [filter, topic] of no) expect(matchesFilter(filter, topic), `${filter} ${topic}`).toBe(false);
  });
});
