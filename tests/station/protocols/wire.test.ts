import { describe, expect, it } from 'vitest';
import { encodeFrame, type Framing } from '#shared/codec/frames.ts';
import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import type { ByteLink } from '../../../station/platform/index.ts';
import {
  answerOn,
  createWire,
  encodeMessage,
  type AnswerSpec,
  type Wire,
} from '../../../station/protocols/wire/index.ts';
import { faultOf } from '../support/fault-of.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';

const never = new AbortController().signal;
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

interface Unit {
  readonly wire: Wire;
  readonly clock: ManualClock;
  say(...said: (string | Uint8Array)[]): void;
  /** What an expect finds; the words of its fault when it finds nothing. */
  hear(pattern: string, on?: AnswerSpec['on']): Promise<string>;
}

function unit(framing: Framing | null = null, encoding?: TextEncodingName): Unit {
  let listener: ((bytes: Uint8Array) => void) | null = null;
  const link: ByteLink = {
    path: 'port',
    write: () => Promise.resolve(),
    onBytes: (next) => void (listener = next),
    onLost: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const clock = manualClock();
  const wire = createWire(link, clock, framing, encoding);
  return {
    wire,
    clock,
    say: (...said) => {
      for (const one of said) listener?.(typeof one === 'string' ? Buffer.from(one) : one);
    },
    async hear(pattern, on = 'lines') {
      const spec = { pattern, on, withinMs: 1000, every: false, what: 'Q' };
      const answer = answerOn(wire, spec, never).then(
        ({ matches }) => matches[0]?.[0] ?? '',
        (error: Error) => `${(error as unknown as { code: string }).code} ${error.message}`,
      );
      await clock.pass(60);
      await clock.pass(940);
      return answer;
    },
  };
}

describe('an answer', () => {
  it('is found however much follows it at once, and so is what comes behind that', async () => {
    const { wire, say, hear } = unit();
    const log = 'I (42) wifi: scanning channel\r\n'.repeat(20_000);
    const heard = hear('^V=3301$');
    say(Buffer.from(`V=3301\r\n${log}READY\r\n`));
    expect(await heard).toBe('V=3301');
    expect(await hear('^READY$')).toBe('READY');
    // Also when it was all there before anybody looked.
    await wire.send(Buffer.from('V?'));
    say(`V=3302\r\n${log}`);
    expect(await hear('^V=3302$')).toBe('V=3302');
  });

  it('is seen by each of those who wait at the same time, and taken off for those who come later', async () => {
    const { say, hear } = unit();
    const both = [hear('^OK (\\d)$'), hear('^(OK|ERROR) .$')];
    say('boot\r\nOK 1\r\nOK 2\r\n');
    expect(await Promise.all(both)).toEqual(['OK 1', 'OK 1']);
    expect(await hear('^OK \\d$')).toBe('OK 2');
  });

  it('that one still waits for is not taken by another that found nothing', async () => {
    const { wire, clock, say } = unit();
    const spec = { on: 'lines', every: false, what: 'Q' } as const;
    const won = answerOn(wire, { ...spec, pattern: '^OK$', withinMs: 1000 }, never);
    const left = answerOn(wire, { ...spec, pattern: '^ERROR', withinMs: 5000 }, never);
    say('OK\r\n');
    await won;
    await wire.send(Buffer.from('V?'));
    const value = answerOn(wire, { ...spec, pattern: '^V=(\\d+)$', withinMs: 1000 }, never);
    say('V=7\r\nERROR 3\r\n');
    expect((await value).matches[0]?.[1]).toBe('7');
    expect((await left).matches[0]?.[0]).toBe('ERROR');
    await clock.pass(5000);
  });

  it('in GB18030 is read and asked in it', async () => {
    const { wire, say, hear } = unit(null, 'gb18030');
    say(hex('d7b4ccac3d d5fdb3a3 0d0a'));
    expect(await hear('^状态=(.*)$')).toBe('状态=正常');
    expect(encodeMessage({ text: '状态', end: 'lf' }, wire)).toEqual(new Uint8Array(hex('d7b4ccac0a')));
    expect(
      await faultOf(() => Promise.resolve(encodeMessage({ text: '\ud800', end: 'lf' }, wire))),
    ).toMatchObject({ code: 'recipe-invalid', message: /encoding/ });
  });
});

it('what was taken off is no other answer: nothing came since', async () => {
  const { say, hear } = unit();
  say('V=1\r\n');
  expect(await hear('^V=1$')).toBe('V=1');
  expect(await hear('^READY$')).toMatch(/^device-silent/);
  say('boot\r\n');
  expect(await hear('^READY$')).toMatch(/^limit-exceeded/);
});

describe('what is heard and not understood', () => {
  it.each([
    ['noise of another rate', hex('e6 98 06 78 80 fe 86 e0 78 98 06 e6 80 00 f8')],
    ['a line that is held', new Uint8Array(40)],
    ['a line that is inverted', hex('ff fd ff bf ff ff f7')],
    ['text of another parity', hex('c1 44 c3 bd b8 31 b2 8d 0a')],
  ])('%s is another fault than silence', async (_what, noise) => {
    const { say, hear } = unit();
    say(noise);
    expect(await hear('^V=')).toMatch(
      /^device-unreadable port is heard but not understood: \d+ bytes after Q/,
    );
  });

  it('Chinese text that is read as UTF-8 has another remedy than noise', async () => {
    const hintAfter = async (bytes: Uint8Array): Promise<string | null> => {
      const { wire, say, clock } = unit();
      say(bytes);
      const asked = { pattern: '^V=', on: 'lines', withinMs: 100, every: false, what: 'Q' } as const;
      const fault = faultOf(() => answerOn(wire, asked, never));
      await clock.pass(200);
      return (await fault).hint;
    };
    // 电压=正常
    expect(await hintAfter(hex('b5e7d1b93dd5fdb3a3 0d0a'))).toMatch(/encoding: gb18030/);
    for (const noise of [
      'c144c3bdb831b28d0a',
      'e698067880fe86e0789806e68000f8',
      'fffdffbffffff70a',
      'b5e7d1b93d00d5fdb3a30d0a',
    ])
      expect(await hintAfter(hex(noise))).toMatch(/baud rate/);
  });

  it.each(['gb18030', 'gbk', 'big5', 'windows-1252'] as const)(
    '%s makes no text of noise, and noise of no text',
    async (encoding) => {
      const noisy = unit(null, encoding);
      noisy.say(hex('e69806788 0fe86e0789806e68000f8c344c3bdb831b28d0a9f02e1'));
      expect(await noisy.hear('^V=')).toMatch(/^device-unreadable/);
      const clear = unit(null, encoding);
      clear.say(Buffer.from('\xffERR 7\r\n', 'latin1'));
      expect(await clear.hear('^V=')).toMatch(/^limit-exceeded/);
    },
  );

  it.each([
    ['silence', '', /^device-silent/],
    ['a byte when it was powered', Uint8Array.of(0), /^device-silent/],
    ['two of them', Uint8Array.of(0xff, 0x00), /^device-silent/],
    ['another answer', 'ERR 7\r\n', /^limit-exceeded/],
    ['another answer with some noise', '\0\xffERR 7\xff\r\n', /^limit-exceeded/],
    [
      'noise of a boot ROM, then text',
      Buffer.concat([hex('e69806fe8680'), Buffer.from('\r\nERR 7\r\n')]),
      /^limit-exceeded/,
    ],
    ['half of a line', 'V=3', /^limit-exceeded/],
  ])('%s is what it was', async (_what, said, code) => {
    const { say, hear } = unit();
    if (said !== '') say(said);
    expect(await hear('^V=\\d\\d')).toMatch(code);
  });
});

describe('text and frames on one wire', () => {
  const AA55: Framing = {
    start: hex('aa55'),
    length: { bytes: 1, order: 'little', adds: 0 },
    checksum: { kind: 'crc16-modbus', order: 'little' },
    maxPayloadBytes: 64,
  };
  const MODBUS: Framing = {
    start: hex(''),
    length: 'modbus',
    checksum: { kind: 'crc16-modbus', order: 'little' },
    maxPayloadBytes: 256,
  };
  const frame = (framing: Framing, payload: string): Uint8Array => {
    const made = encodeFrame(framing, hex(payload));
    return made.ok ? made.bytes : new Uint8Array();
  };

  it.each([
    ['with a start', AA55, '820d0a41', '^820D0A41$'],
    ['of Modbus', MODBUS, '01030200ff', '^010302..FF$'],
    ['that end by a silence', { ...MODBUS, length: undefined, silenceMs: 20 }, '414243', '^414243$'],
  ] as const)('frames %s and lines are told apart in any order', async (_what, framing, payload, pattern) => {
    const bytes = frame(framing, payload);
    for (const order of [
      ['READY\n', bytes, 'DONE\n'],
      [bytes, 'READY\n', 'DONE\n'],
      ['READY\n', 'DONE\n', bytes],
    ]) {
      const { wire, say, hear, clock } = unit(framing);
      const spec = { every: false, what: 'Q', withinMs: 900 };
      const found = Promise.all([
        answerOn(wire, { ...spec, on: 'lines', pattern: '^READY$' }, never),
        answerOn(wire, { ...spec, on: 'frame', pattern }, never),
        answerOn(wire, { ...spec, on: 'lines', pattern: '^DONE$' }, never),
      ]);
      for (const one of order) {
        say(one);
        await clock.pass(60);
      }
      expect((await found).map(({ matches }) => matches[0]?.[0])).toEqual([
        'READY',
        payload.toUpperCase(),
        'DONE',
      ]);
      // What only a silence ends cannot be told from what follows at once.
      if ('silenceMs' in framing) continue;
      await wire.send(Buffer.from('?'));
      say(Buffer.concat(order.map((one) => Buffer.from(one))));
      expect(await hear('^READY$')).toBe('READY');
      expect(await hear(pattern, 'frame')).toBe(payload.toUpperCase());
      expect(await hear('^DONE$')).toBe('DONE');
    }
  });

  it('a text that begins like a frame is text when nothing more comes', async () => {
    const dollar: Framing = { ...AA55, start: Buffer.from('$') };
    const { say, hear } = unit(dollar);
    say('$OK 1\r\n');
    expect(await hear('^\\$OK (\\d)$')).toBe('$OK 1');
  });

  it('a wrong checksum is told with both; another frame as what it is; noise as noise', async () => {
    const bad = Buffer.from(frame(AA55, '8203'));
    bad[4] = 0x04;
    for (const [said, fault] of [
      [bad, /^device-garbled Q: the answer has a wrong checksum: [0-9A-F]{4}, not [0-9A-F]{4}$/],
      [frame(AA55, '83'), /^limit-exceeded Q: the answer does not match .*: "83"$/],
      [Buffer.concat([bad, frame(AA55, '83')]), /^limit-exceeded .*; another frame has a wrong checksum: /],
      [Buffer.from('ERR 7\r\n'), /^limit-exceeded/],
      [hex('00 ff 13 80'), /^device-unreadable/],
      [hex('aa 55 09 01'), /^device-garbled Q: the answer stops in a frame, after 4 bytes: AA 55 09 01$/],
    ] as const) {
      const { say, hear } = unit(AA55);
      say(said);
      expect(await hear('^8203$', 'frame')).toMatch(fault);
    }
  });
});

it('an answer that lacks nothing but its line end is told as that', async () => {
  for (const [said, fault] of [
    ['W 12 g\u0003', /^limit-exceeded Q: what matches .* has no line end: "W 12 g"$/],
    ['W 12 g', /has no line end: "W 12 g"$/],
    ['W -- g', /^limit-exceeded Q: the answer does not match .*: "W -- g"$/],
  ] as const) {
    const { say, hear } = unit();
    say(Buffer.from(said));
    expect(await hear('^W \\d+ g$')).toMatch(fault);
  }
});

it('bytes are there as they came, beside text and frames', async () => {
  const { wire, say, hear } = unit();
  say(hex('00 41 42 ff 0d 0a'));
  expect(await hear('^AB$')).toBe('AB');
  const { heard } = wire;
  expect(Buffer.from(heard.bytes).toString('hex')).toBe('004142ff0d0a');
  heard.takeBytes(4);
  expect(Buffer.from(wire.heard.bytes).toString('hex')).toBe('0d0a');
  await wire.send(Buffer.from('X'));
  expect(wire.heard.bytes).toHaveLength(0);
});
