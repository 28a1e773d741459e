import { describe, expect, it } from 'vitest';
import { encodeFrame, type Framing } from '#shared/codec/frames.ts';
import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import type { DevicePort } from '../../../../station/core/platform/index.ts';
import {
  expectAnswer,
  encodeMessage,
  type AnswerSpec,
  SerialIo,
} from '../../../../station/devices/serial-io/index.ts';
import { SecretMask } from '../../../../station/core/secret-mask/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { type ManualClock, manualClock } from '../../../support/manual-clock.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

interface Unit {
  readonly io: SerialIo;
  readonly clock: ManualClock;
  say(...said: (string | Uint8Array)[]): void;
  /** What an expect finds; the words of its fault when it finds nothing. */
  hear(pattern: string, on?: AnswerSpec['on']): Promise<string>;
}

function unit(framing: Framing | null = null, encoding?: TextEncodingName): Unit {
  let listener: ((bytes: Uint8Array) => void) | null = null;
  const port: DevicePort = {
    path: 'port',
    write: () => Promise.resolve(),
    onData: (next) => void (listener = next),
    onLost: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const clock = manualClock();
  const io = new SerialIo(port, {
    clock,
    mask: new SecretMask(),
    framing,
    ...(encoding === undefined ? {} : { encoding }),
  });
  return {
    io,
    clock,
    say: (...said) => {
      for (const one of said) listener?.(typeof one === 'string' ? Buffer.from(one) : one);
    },
    async hear(pattern, on = 'lines') {
      const spec = { pattern, on, timeoutMs: 1000, every: false, what: 'Q' };
      const answer = expectAnswer(io, spec, NEVER_ABORTED).then(
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
  it('is found in front of much other data, and so is the data behind it', async () => {
    const { io, say, hear } = unit();
    const log = 'I (42) wifi: scanning channel\r\n'.repeat(20_000);
    const heard = hear('^V=3301$');
    say(Buffer.from(`V=3301\r\n${log}READY\r\n`));
    expect(await heard).toBe('V=3301');
    expect(await hear('^READY$')).toBe('READY');
    // Also when it was all there before anybody looked.
    await io.send(Buffer.from('V?'), NEVER_ABORTED);
    say(`V=3302\r\n${log}`);
    expect(await hear('^V=3302$')).toBe('V=3302');
  });

  it('is received by all waits at the same time, and not by later ones', async () => {
    const { say, hear } = unit();
    const both = [hear('^OK (\\d)$'), hear('^(OK|ERROR) .$')];
    say('boot\r\nOK 1\r\nOK 2\r\n');
    expect(await Promise.all(both)).toEqual(['OK 1', 'OK 1']);
    expect(await hear('^OK \\d$')).toBe('OK 2');
  });

  it('that one still waits for is not taken by another that found nothing', async () => {
    const { io, clock, say } = unit();
    const spec = { on: 'lines', every: false, what: 'Q' } as const;
    const won = expectAnswer(io, { ...spec, pattern: '^OK$', timeoutMs: 1000 }, NEVER_ABORTED);
    const left = expectAnswer(io, { ...spec, pattern: '^ERROR', timeoutMs: 5000 }, NEVER_ABORTED);
    say('OK\r\n');
    await won;
    await io.send(Buffer.from('V?'), NEVER_ABORTED);
    const value = expectAnswer(io, { ...spec, pattern: '^V=(\\d+)$', timeoutMs: 1000 }, NEVER_ABORTED);
    say('V=7\r\nERROR 3\r\n');
    expect((await value).matches[0]?.[1]).toBe('7');
    expect((await left).matches[0]?.[0]).toBe('ERROR');
    await clock.pass(5000);
  });

  it('in GB18030 is read and asked in it', async () => {
    const { io, say, hear } = unit(null, 'gb18030');
    say(hex('d7b4ccac3d d5fdb3a3 0d0a'));
    expect(await hear('^状态=(.*)$')).toBe('状态=正常');
    expect(encodeMessage({ text: '状态', end: 'lf' }, io)).toEqual(new Uint8Array(hex('d7b4ccac0a')));
    expect(
      await faultOf(() => Promise.resolve(encodeMessage({ text: '\ud800', end: 'lf' }, io))),
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

describe('bytes that cannot be read', () => {
  it.each([
    ['noise of another rate', hex('e6 98 06 78 80 fe 86 e0 78 98 06 e6 80 00 f8')],
    ['a line that is held', new Uint8Array(40)],
    ['a line that is inverted', hex('ff fd ff bf ff ff f7')],
    ['text of another parity', hex('c1 44 c3 bd b8 31 b2 8d 0a')],
  ])('%s is another fault than silence', async (_what, noise) => {
    const { say, hear } = unit();
    say(noise);
    expect(await hear('^V=')).toMatch(/^device-unreadable unreadable bytes on port: \d+ bytes after Q/);
  });

  it('Chinese text that is read in another encoding has another remedy than noise', async () => {
    const hintAfter = async (
      bytes: Uint8Array,
      encoding: TextEncodingName = 'utf-8',
    ): Promise<string | null> => {
      const { io, say, clock } = unit(null, encoding);
      say(bytes);
      const asked = { pattern: '^V=', on: 'lines', timeoutMs: 100, every: false, what: 'Q' } as const;
      const fault = faultOf(() => expectAnswer(io, asked, NEVER_ABORTED));
      await clock.pass(200);
      return (await fault).hint;
    };
    // 电压=正常
    const gb18030 = hex('b5e7d1b93dd5fdb3a3 0d0a');
    expect(await hintAfter(gb18030)).toMatch(/encoding: gb18030/);
    expect(await hintAfter(Buffer.concat([Buffer.from('READY\r\n'), gb18030]))).toMatch(/encoding: gb18030/);
    expect(await hintAfter(gb18030, 'gb18030')).toMatch(/recording/);
    const utf8 = Buffer.from('电压=正常\r\n');
    expect(await hintAfter(utf8, 'gb18030')).toMatch(/in UTF-8: leave device\.serial\.encoding out/);
    expect(await hintAfter(utf8)).toMatch(/recording/);
    // Chinese characters that nobody writes: bytes at random.
    expect(await hintAfter(hex('90919a850d0a90910d0a'))).toMatch(/baud rate/);
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

describe('text and frames on one io', () => {
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
      const { io, say, hear, clock } = unit(framing);
      const spec = { every: false, what: 'Q', timeoutMs: 900 };
      const found = Promise.all([
        expectAnswer(io, { ...spec, on: 'lines', pattern: '^READY$' }, NEVER_ABORTED),
        expectAnswer(io, { ...spec, on: 'frame', pattern }, NEVER_ABORTED),
        expectAnswer(io, { ...spec, on: 'lines', pattern: '^DONE$' }, NEVER_ABORTED),
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
      await io.send(Buffer.from('?'), NEVER_ABORTED);
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

  it('a wrong checksum, another frame and noise have different faults', async () => {
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

describe('what was sent and came back', () => {
  const MODBUS: Framing = {
    start: hex(''),
    length: 'modbus',
    checksum: { kind: 'crc16-modbus', order: 'little' },
    maxPayloadBytes: 256,
  };
  const READ = hex('0103000400 01c5cb');
  const ANSWER = hex('0103020007f986');

  it.each([
    [
      'alone',
      hex(''),
      /^device-silent no answer to Q on port in 1000 ms: only what was sent came back \(echo\)$/,
    ],
    ['and a byte of the driver', hex('00'), /^device-silent/],
    [
      'in front of a wrong CRC',
      hex('0103020008f986'),
      /^device-garbled .*\(after the echo .* checksum: F986, not B982$/,
    ],
    [
      'in front of half an answer',
      ANSWER.subarray(0, 4),
      /^device-garbled .*\(after the echo .* after 4 bytes: 01 03 02 00$/,
    ],
    ['in front of noise', hex('f8e0fe80c7e1f8'), /^device-unreadable .* 7 bytes after Q/],
    ['in front of another answer', ANSWER, /^limit-exceeded Q: the answer does not match \S+ "0103020007"$/],
  ] as const)('%s is not the answer', async (_what, behind, told) => {
    const { io, say, hear } = unit(MODBUS);
    await io.send(READ, NEVER_ABORTED);
    say(READ, behind);
    expect(await hear('^010304', 'frame')).toMatch(told);
  });

  it('is not the answer of a console either, and what is taken off does not come again', async () => {
    const { io, say, hear } = unit();
    await io.send(hex('56 3f 0d 0a'), NEVER_ABORTED);
    say('V?\r\n');
    expect(await hear('^V=')).toMatch(/^device-silent .*\(echo\)$/);
    say('ERR 7\r\n');
    expect(await hear('^V=')).toMatch(/: "ERR 7"$/);
    expect(await hear('^ERR')).toBe('ERR');
    say('ERR 8\r\n');
    expect(await hear('^V=')).toMatch(/: " 7\\nERR 8"$/);
  });

  it('without its end, as half of an answer of Modbus, is no noise', async () => {
    const { io, say, hear } = unit(MODBUS);
    await io.send(READ, NEVER_ABORTED);
    say(ANSWER.subarray(0, 5));
    expect(await hear('^0103', 'frame')).toMatch(/^device-garbled .* stops in a frame, after 5 bytes/);
  });
});

describe('a line', () => {
  it('without an end is reported as such, with the blank at its end', async () => {
    const open = unit();
    open.say('V=3301');
    expect(await open.hear('^V=\\d+$')).toBe(
      'limit-exceeded Q: the answer matches, but its line does not end: "V=3301"',
    );
    expect(await open.hear('^V=\\d+$', 'text')).toBe('V=3301');
    const blank = unit();
    blank.say('V=3301 \r\n');
    expect(await blank.hear('^V=\\d+$')).toMatch(/: "V=3301 "$/);
  });

  it('without an end is not taken for a shorter one while it comes in', async () => {
    const { io, say, clock } = unit();
    const hearNumber = async (...said: string[]): Promise<string | undefined> => {
      const spec = { pattern: 'V=(\\d+)', on: 'text', timeoutMs: 500, every: false, what: 'Q' } as const;
      const answer = expectAnswer(io, spec, NEVER_ABORTED);
      for (const part of said) {
        say(part);
        await clock.pass(30);
      }
      await clock.pass(30);
      return (await answer).matches[0]?.[1];
    };
    expect(await hearNumber('V=', '8', '12')).toBe('812');
    expect(await hearNumber('\nV=8', '13 mV')).toBe('813');
    // What is still not certain when the time is over is taken as it is.
    expect(await hearNumber('\nV=', ...Array.from({ length: 16 }, () => '7'))).toMatch(/^7{16}$/);
  });

  it('of 60,000 characters is looked at whole, a longer one from its end, which is told', async () => {
    const { say, hear } = unit();
    const dump = (bytes: number): string => `DUMP ${'A5'.repeat(bytes)} END\r\n`;
    say(dump(30_000), 'I (42) log\r\n');
    expect(await hear('^DUMP (?:[0-9A-F]{2})+ END$')).toHaveLength(60_009);
    say(dump(40_000));
    expect(await hear('^DUMP')).toMatch(/; only the last 65536 bytes of a longer line are looked at$/);
  });
});

it('an answer without a line end is reported as such', async () => {
  for (const [said, fault] of [
    ['W 12 g\u0003', /^limit-exceeded Q: the answer matches, but its line does not end: "W 12 g"$/],
    ['W 12 g', /its line does not end: "W 12 g"$/],
    ['W -- g', /^limit-exceeded Q: the answer does not match .*: "W -- g"$/],
  ] as const) {
    const { say, hear } = unit();
    say(Buffer.from(said));
    expect(await hear('^W \\d+ g$')).toMatch(fault);
  }
});

it('bytes are there as they came, beside text and frames', async () => {
  const { io, say, hear } = unit();
  say(hex('00 41 42 ff 0d 0a'));
  expect(await hear('^AB$')).toBe('AB');
  const { received } = io;
  expect(Buffer.from(received.bytes).toString('hex')).toBe('004142ff0d0a');
  received.takeBytes(4);
  expect(Buffer.from(io.received.bytes).toString('hex')).toBe('0d0a');
  await io.send(Buffer.from('X'), NEVER_ABORTED);
  expect(io.received.bytes).toHaveLength(0);
});
