import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createFrameReader, encodeFrame, type FrameReader, type Framing } from '#shared/codec/frames.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const encoded = (framing: Framing, payload: string): string => {
  const frame = encodeFrame(framing, hex(payload));
  return frame.ok ? toHex(frame.bytes) : frame.reason.en;
};
const hear = (
  reader: FrameReader,
  ...chunks: (Uint8Array | 'quiet')[]
): { frames: string[]; text: string } => {
  const cuts = chunks.map((chunk) => (chunk === 'quiet' ? reader.quiet() : reader.push(chunk)));
  return {
    frames: cuts.flatMap(({ payloads }) => payloads.map(toHex)),
    text: Buffer.concat(cuts.flatMap(({ rest }) => rest)).toString('latin1'),
  };
};

const CRC = { kind: 'crc16-modbus', order: 'little' } as const;
const MODBUS: Framing = { start: hex(''), length: 'modbus', checksum: CRC, maxPayloadBytes: 256 };
const BY_SILENCE: Framing = { start: hex(''), silenceMs: 20, checksum: CRC, maxPayloadBytes: 256 };

/** Requests and answers of the examples of the Modbus specification V1.1b3, with the CRC that pymodbus computes. */
const PUBLISHED: readonly [string, string, string][] = [
  ['read 10 coils', '010100130013', '8c02'],
  ['read 3 registers', '0103006b0003', '7417'],
  ['3 registers', '010306022b00000064', '057a'],
  ['1 input register', '010402000a', '3937'],
  ['write a coil', '010500acff00', '4c1b'],
  ['write a register', '010600010003', '980b'],
  ['write 2 registers', '01100001000204000a0102', '9230'],
  ['2 registers written', '011000010002', '1008'],
  ['mask a register', '0116000400f20025', '67ee'],
  ['refused: no such address', '018302', 'c0f1'],
];

describe('frames of Modbus RTU', () => {
  it.each(PUBLISHED)('%s: has its CRC, and is found by its function', (_what, payload, crc) => {
    expect(encoded(MODBUS, payload)).toBe(payload + crc);
    expect(hear(createFrameReader(MODBUS), hex(payload + crc)).frames).toEqual([payload]);
    expect(hear(createFrameReader(BY_SILENCE), hex(payload + crc), 'quiet').frames).toEqual([payload]);
  });

  it('are found after each other, after noise and before text, however the bytes are split', () => {
    const noise = '00ff';
    const text = Buffer.from('\r\nboot ok\r\n');
    const whole = Buffer.concat([
      hex(noise + PUBLISHED.map(([, payload, crc]) => payload + crc).join('')),
      text,
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 6 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
        const parts = at.slice(1).map((end, index) => whole.subarray(at[index] ?? 0, end));
        const reader = createFrameReader(MODBUS);
        const { frames, text: rest } = hear(reader, ...parts, 'quiet');
        expect(frames).toEqual(PUBLISHED.map(([, payload]) => payload));
        // The last byte may be the beginning of a frame.
        expect(rest + Buffer.from(reader.buffered).toString('latin1')).toContain('\r\nboot ok\r\n');
      }),
    );
  });

  it('by silence: ended by a pause, after the echo of the request, with noise at one end', () => {
    const request = '0103006b00037417';
    const answer = '010306022b00000064057a';
    const reader = createFrameReader(BY_SILENCE);
    reader.clear(hex(request));
    expect(hear(reader, hex(answer.slice(0, 10)), 'quiet', hex(answer.slice(10)), 'quiet').frames).toEqual([
      answer.slice(0, -4),
    ]);
    reader.clear(hex(request));
    expect(hear(reader, hex(request + answer), 'quiet').frames).toEqual([answer.slice(0, -4)]);
    reader.clear(hex(request));
    expect(hear(reader, hex(`00${answer}ff`), 'quiet').frames).toEqual([answer.slice(0, -4)]);
  });

  it('with a wrong CRC report the received and the right CRC', () => {
    for (const framing of [MODBUS, BY_SILENCE]) {
      const reader = createFrameReader(framing);
      expect(hear(reader, hex('010306022b00000065057a'), 'quiet').frames).toEqual([]);
      expect(reader.wrong).toEqual({ received: '057A', expected: 'C4BA' });
      reader.clear();
      expect(reader.wrong).toBeNull();
    }
  });

  it('with a wrong CRC are reported also where more bytes would make a longer frame', () => {
    const reader = createFrameReader(MODBUS);
    expect(hear(reader, hex('010402000a 3938'), 'quiet').frames).toEqual([]);
    expect(reader.wrong).toEqual({ received: '3938', expected: '3937' });
    // The echo of a request that begins like it, and its answer.
    reader.clear();
    const [echo, answer] = ['010402000001', '010402000a'].map((body) => encoded(MODBUS, body));
    expect(hear(reader, hex(echo ?? '').subarray(0, 7), 'quiet').frames).toEqual([]);
    const { frames } = hear(reader, hex(echo ?? '').subarray(7), hex(answer ?? ''), 'quiet');
    expect(frames).toEqual(['010402000001', '010402000a']);
    expect(reader.wrong).toBeNull();
  });

  it('after an echo: a read shows that the bus has an echo, and no echo is an answer from then on', () => {
    const reader = createFrameReader(MODBUS);
    const [read, write, value] = ['010300040001', '010600040007', '0103020007'].map((body) =>
      hex(encoded(MODBUS, body)),
    );
    const hearAfter = (sent = hex(''), ...came: (Uint8Array | undefined)[]): string[] => {
      reader.clear(sent);
      return hear(reader, ...came.map((bytes) => bytes ?? hex('')), 'quiet').frames;
    };
    // A unit answers the writing of one register with the request itself: nothing is known yet.
    expect(hearAfter(write, write)).toEqual(['010600040007']);
    expect(hearAfter(read, hex('00'), read, hex('ff'), value)).toEqual(['0103020007']);
    expect(hearAfter(write, write)).toEqual([]);
    expect(hearAfter(write, write, write)).toEqual(['010600040007']);
  });

  it('after noise that looks like the beginning of a frame have their own wrong CRC, or none', () => {
    const reader = createFrameReader(MODBUS);
    const read = hex(encoded(MODBUS, '010300040001'));
    const value = hex(encoded(MODBUS, '0103020007'));
    reader.clear(read);
    expect(hear(reader, hex('ff'), value, hex('ff'), 'quiet').frames).toEqual(['0103020007']);
    expect(reader.wrong).toBeNull();
    reader.clear(read);
    expect(hear(reader, hex('ff'), value.with(4, 8), 'quiet').frames).toEqual([]);
    expect(reader.wrong?.received).toBe(toHex(value.subarray(5)).toUpperCase());
  });

  it('report no wrong CRC for noise alone, but for one wrong byte of the answer', () => {
    const reader = createFrameReader(MODBUS);
    const read = hex(encoded(MODBUS, '010300040001'));
    const value = hex(encoded(MODBUS, '0103020007'));
    const wrongAfter = (bytes: Uint8Array): boolean => {
      reader.clear(read);
      hear(reader, bytes, 'quiet');
      return reader.wrong !== null;
    };
    // Bytes that a receiver at another rate made of an answer; with functions of Modbus among them.
    expect(wrongAfter(hex('e6980678800386e00798060180 05f80210fe'))).toBe(false);
    for (const [at, byte] of [
      [0, 0x11],
      [1, 0x04],
      [3, 0x80],
      [6, 0x00],
    ] as const)
      expect(wrongAfter(value.with(at, byte))).toBe(true);
  });

  it('by silence with a zero after them: the zero may be noise, or the end of the checksum', () => {
    const value = encoded(BY_SILENCE, '0103020007');
    const { frames } = hear(createFrameReader(BY_SILENCE), hex(`${value}00`), 'quiet');
    expect(frames).toContain('0103020007');
  });

  it('that are incomplete are not reported as a wrong CRC', () => {
    const reader = createFrameReader(MODBUS);
    hear(reader, hex('010306022b0000'), 'quiet');
    expect(reader.wrong).toBeNull();
  });
});

describe('a checksum', () => {
  /** A module of Tuya's serial protocol: `55 AA`, version, command, length, data, sum of everything before. */
  const TUYA: Framing = {
    start: hex('55aa'),
    length: { bytes: 2, order: 'big', adds: 0, after: 2 },
    checksum: { kind: 'sum8', order: 'big', covers: 'frame' },
    maxPayloadBytes: 256,
  };
  it('may cover the head, which may be before the length', () => {
    // The heartbeat of the protocol's document and its answer.
    expect(encoded(TUYA, '0000')).toBe('55aa00000000ff');
    expect(encoded(TUYA, '030001')).toBe('55aa030000010104');
    expect(hear(createFrameReader(TUYA), hex('55aa030000010104')).frames).toEqual(['030001']);
  });

  it('may exclude the start only', () => {
    const framing: Framing = {
      start: hex('7e'),
      length: { bytes: 1, order: 'big', adds: 0 },
      checksum: { kind: 'xor8', order: 'big', covers: 'after-start' },
      end: hex('ef'),
      maxPayloadBytes: 64,
    };
    expect(encoded(framing, '0c01')).toBe('7e020c010fef');
    expect(hear(createFrameReader(framing), hex('7e020c010fef')).frames).toEqual(['0c01']);
  });
});

describe('bytes that are not a frame', () => {
  const AA55: Framing = {
    start: hex('aa55'),
    length: { bytes: 1, order: 'little', adds: 0 },
    checksum: { kind: 'sum8', order: 'little' },
    maxPayloadBytes: 255,
  };
  const FRAME = 'aa5502010203';

  it('are text, before a frame, after it and between two', () => {
    const { frames, text } = hear(
      createFrameReader(AA55),
      Buffer.concat([
        Buffer.from('one\r\n'),
        hex(FRAME),
        Buffer.from('two\r\n'),
        hex(FRAME),
        Buffer.from('3\r\n'),
      ]),
    );
    expect(frames).toEqual(['0102', '0102']);
    expect(text).toBe('one\r\ntwo\r\n3\r\n');
  });

  it('that begin like a frame hide no frame after them, when no more bytes are received', () => {
    const reader = createFrameReader(AA55);
    const { frames, text } = hear(reader, hex(`aa55f0${FRAME}`), 'quiet');
    expect({ frames, text }).toEqual({ frames: ['0102'], text: '\xaaU\xf0' });
  });

  it('do not end the wait for a frame that is interrupted by a silence', () => {
    const reader = createFrameReader(AA55);
    const { frames } = hear(reader, hex(FRAME.slice(0, 8)), 'quiet', 'quiet', hex(FRAME.slice(8)));
    expect(frames).toEqual(['0102']);
  });
});

test('every frame format decodes its own frames, whatever its checksum covers', () => {
  const shape = fc.record({
    start: fc.uint8Array({ maxLength: 2 }),
    bytes: fc.constantFrom(1 as const, 2 as const),
    order: fc.constantFrom('little' as const, 'big' as const),
    after: fc.integer({ min: 0, max: 3 }),
    covers: fc.constantFrom('payload' as const, 'after-start' as const, 'frame' as const),
    kind: fc.constantFrom('crc32' as const, 'crc16-kermit' as const, 'lrc8' as const),
    payload: fc.uint8Array({ minLength: 3, maxLength: 40 }),
  });
  fc.assert(
    fc.property(shape, ({ start, bytes, order, after, covers, kind, payload }) => {
      const framing: Framing = {
        start,
        length: { bytes, order, adds: 0, after },
        checksum: { kind, order, covers },
        maxPayloadBytes: 64,
      };
      const frame = encodeFrame(framing, payload);
      expect(frame.ok && createFrameReader(framing).push(frame.bytes).payloads.map(toHex)).toEqual([
        toHex(payload),
      ]);
    }),
  );
});
