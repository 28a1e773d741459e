import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { crc, CRC_NAMES, type CrcName } from '#shared/codec/crc.ts';
import { createFrameReader, encodeFrame, type Framing } from '#shared/codec/frames.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const CHECK = new TextEncoder().encode('123456789');

/** "check" of the CRC catalogue (RevEng): the CRC of the nine digits. */
test.each<[CrcName, number]>([
  ['crc16-xmodem', 0x31c3],
  ['crc16-ccitt-false', 0x29b1],
  ['crc16-modbus', 0x4b37],
  ['crc16-kermit', 0x2189],
  ['crc32', 0xcbf43926],
  ['crc8', 0xf4],
])('%s has the check value of the catalogue', (name, check) => {
  expect(crc(name, CHECK)).toBe(check);
});

test('sum and exclusive or', () => {
  expect(crc('sum8', hex('a0 01 01'))).toBe(0xa2);
  expect(crc('xor8', hex('01 02 04'))).toBe(0x07);
  // The request of the Modbus guide in ASCII: :F7031389000A60.
  expect(crc('lrc8', hex('f7031389000a'))).toBe(0x60);
});

/** The loader of the CI130x: `A5 0F`, length without type, command and sequence, CRC-16/XMODEM over the payload, `FF`. */
const CI130X: Framing = {
  start: hex('a50f'),
  length: { bytes: 2, order: 'little', adds: 3 },
  checksum: { kind: 'crc16-xmodem', order: 'little' },
  end: hex('ff'),
  maxPayloadBytes: 4096,
};

describe('frames of the CI130x', () => {
  it.each([
    ['the handshake', 'a00300', 'a50f0000a00300cfe8ff'],
    ['the acknowledged reset', 'b00300', 'a50f0000b00300acabff'],
  ])('%s is as published', (_what, payload, frame) => {
    const encoded = encodeFrame(CI130X, hex(payload));
    expect(encoded.ok && toHex(encoded.bytes)).toBe(frame);
    expect(createFrameReader(CI130X).push(hex(frame)).payloads.map(toHex)).toEqual([payload]);
  });
});

const framing = fc.record({
  start: fc.uint8Array({ minLength: 1, maxLength: 3 }),
  length: fc.option(
    fc.record({
      bytes: fc.constantFrom(1 as const, 2 as const),
      order: fc.constantFrom('little' as const, 'big' as const),
      adds: fc.integer({ min: -3, max: 3 }),
    }),
    { nil: undefined },
  ),
  checksum: fc.option(
    fc.record({
      kind: fc.constantFrom(...CRC_NAMES),
      order: fc.constantFrom('little' as const, 'big' as const),
    }),
    { nil: undefined },
  ),
  end: fc.option(fc.uint8Array({ minLength: 1, maxLength: 2 }), { nil: undefined }),
  maxPayloadBytes: fc.constant(64),
});

test('every payload is decoded, however the bytes are split', () => {
  fc.assert(
    fc.property(
      framing,
      fc.array(fc.uint8Array({ minLength: 3, maxLength: 60 }), { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(200), { maxLength: 8 }),
      (shape, payloads, cuts) => {
        const size = payloads[0]?.length ?? 3;
        const made: Framing = shape.length === undefined ? { ...shape, payloadBytes: size } : shape;
        const fitting =
          shape.length === undefined ? payloads.filter(({ length }) => length === size) : payloads;
        const frames = fitting.map((payload) => encodeFrame(made, payload));
        if (frames.some((frame) => !frame.ok)) return;
        const bytes = Buffer.concat(frames.map((frame) => (frame.ok ? frame.bytes : new Uint8Array())));
        const reader = createFrameReader(made);
        const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const heard = at
          .slice(1)
          .flatMap((end, index) => reader.push(bytes.subarray(at[index] ?? 0, end)).payloads);
        expect(heard.map(toHex)).toEqual(fitting.map(toHex));
      },
    ),
  );
});

test('a frame is found after other bytes by its checksum', () => {
  const encoded = encodeFrame(CI130X, hex('a20100'));
  const frame = encoded.ok ? encoded.bytes : new Uint8Array();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (garbage) => {
      // Something that begins like a frame and promises more bytes than come is waited for.
      fc.pre(!toHex(garbage).includes('a5'));
      expect(
        createFrameReader(CI130X)
          .push(Buffer.concat([garbage, frame]))
          .payloads.map(toHex),
      ).toContain('a20100');
    }),
  );
});

test('a flood of any bytes neither fills the memory nor throws', () => {
  const reader = createFrameReader(CI130X);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      expect(reader.push(bytes).payloads.every(({ length }) => length <= 4096)).toBe(true);
    }),
  );
});

test('a payload that no frame can contain is refused', () => {
  expect(encodeFrame({ ...CI130X, maxPayloadBytes: 2 }, hex('010203'))).toMatchObject({ ok: false });
  expect(encodeFrame({ ...CI130X, payloadBytes: 2, length: undefined }, hex('01'))).toMatchObject({
    ok: false,
  });
  expect(encodeFrame(CI130X, hex('01'))).toMatchObject({ ok: false });
});
